-- What an uploaded picture looks like: 64 bits, of which few change when it is scaled, coded anew or slightly retouched.
-- None of a picture without light and dark.
alter table catalog.media add looks bigint;
