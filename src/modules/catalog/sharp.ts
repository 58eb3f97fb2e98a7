import sharp from 'sharp';

// Every picture is another: what sharp keeps of the last ones is never asked for again.
sharp.cache(false);

export { sharp };
