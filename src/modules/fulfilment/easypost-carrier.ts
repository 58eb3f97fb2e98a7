import { type Carrier, CarrierRefusal, type Label, type LabelRequest, type Place } from './carrier.ts';

type EasyPost = (typeof import('@easypost/api'))['default'];
type EasyPostClient = InstanceType<EasyPost>;

export interface EasyPostAccount {
  apiKey: string;
  apiUrl: string;
}

const TIMEOUT_MS = 20_000;
const GRAMS_PER_OUNCE = 28.349523125;
const MM_PER_INCH = 25.4;

/**
 * The carriers behind EasyPost, by the cheapest rate it offers. A parcel is announced first, which costs nothing, and we
 * remember its name; only then is its label bought. One that is bought already is looked up.
 */
export const easypostCarrier = (account: EasyPostAccount): Carrier => ({
  name: 'easypost',
  async label(request, remember) {
    const client = await openClient(account);
    try {
      return await labelOf(client, request, remember);
    } catch (error) {
      // 4xx are its answers to what we asked; a 401, 408 or 429 says nothing about the parcel.
      const status = statusOf(error);
      if (status === 400 || status === 402 || status === 404 || status === 422)
        throw new CarrierRefusal(error instanceof Error ? error.message : 'refused');
      throw error;
    }
  },
});

const openClient = async ({ apiKey, apiUrl }: EasyPostAccount): Promise<EasyPostClient> => {
  const { default: EasyPost } = await import('@easypost/api'); // loaded with the first label: few shops have it
  const Client = EasyPost as unknown as EasyPost; // its types are of CommonJS, which Node does not load
  return new Client(apiKey, { baseUrl: `${apiUrl.replace(/\/+$/, '')}/`, timeout: TIMEOUT_MS });
};

async function labelOf(
  client: EasyPostClient,
  request: LabelRequest,
  remember: (carrierRef: string) => Promise<void>,
): Promise<Label> {
  const { carrierRef } = request;
  let shipment =
    carrierRef === null
      ? await client.Shipment.create(shipmentOf(request))
      : await client.Shipment.retrieve(carrierRef);
  if (carrierRef === null) await remember(shipment.id);
  if (!shipment.tracking_code) {
    if (shipment.rates.length === 0) throw new CarrierRefusal('no carrier offers a rate for it');
    shipment = await client.Shipment.buy(shipment.id, shipment.lowestRate());
  }
  const { tracking_code: trackingNumber, postage_label: label, tracker } = shipment;
  if (!trackingNumber || !label?.label_url) throw new Error('EasyPost answered without a label');
  return { trackingNumber, trackingUrl: tracker?.public_url ?? null, labelUrl: label.label_url };
}

function shipmentOf({ reference, from, to, weightGrams, ...size }: LabelRequest) {
  const inches = (mm: number | undefined) =>
    mm === undefined ? undefined : Math.max(0.1, Math.round((mm / MM_PER_INCH) * 10) / 10);
  const sides = { length: inches(size.lengthMm), width: inches(size.widthMm), height: inches(size.heightMm) };
  const isMeasured = Object.values(sides).every((side) => side !== undefined);
  const weight = Math.max(0.1, Math.round((weightGrams / GRAMS_PER_OUNCE) * 10) / 10);
  return {
    reference,
    from_address: addressOf(from),
    to_address: addressOf(to),
    parcel: { weight, ...(isMeasured && sides) },
    options: { label_format: 'PDF' },
  } as Parameters<EasyPostClient['Shipment']['create']>[0]; // its types ask for more than its API does
}

const addressOf = ({ name, street, postcode, city, countryCode, phone, email }: Place) => ({
  name,
  street1: street,
  zip: postcode,
  city,
  country: countryCode,
  ...(phone && { phone }),
  ...(email && { email }),
});

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
