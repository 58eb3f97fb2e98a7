/** Where a parcel goes or comes from. */
export interface Place {
  name: string;
  street: string;
  postcode: string;
  city: string;
  /** ISO 3166-1 alpha-2. */
  countryCode: string;
  phone: string;
  email: string;
}

export interface ParcelSize {
  weightGrams: number;
  lengthMm?: number;
  widthMm?: number;
  heightMm?: number;
}

/** One parcel for which a carrier is to give a label. */
export interface LabelRequest extends ParcelSize {
  /** Ours, and the same whenever we ask for this parcel. */
  reference: string;
  /** The carrier's own name for the parcel, where it gave one the last time we asked. */
  carrierRef: string | null;
  from: Place;
  to: Place;
}

export interface Label {
  trackingNumber: string;
  trackingUrl: string | null;
  /** Where the carrier keeps its label; null where we draw it. */
  labelUrl: string | null;
}

/**
 * Who carries parcels to buyers. Asked outside any transaction. Asked again for the same parcel it sells no second label:
 * what it needs to know it by is told to `remember` before anything is bought.
 */
export interface Carrier {
  name: string;
  /** Throws `CarrierRefusal` where it will not carry it; anything else thrown means that nobody knows. */
  label(request: LabelRequest, remember: (carrierRef: string) => Promise<void>): Promise<Label>;
}

/** The carrier said no, and would again. */
export class CarrierRefusal extends Error {
  override name = 'CarrierRefusal';
}
