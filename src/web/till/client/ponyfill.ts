import { BarcodeDetector, type BarcodeFormat, prepareZXingModule } from 'barcode-detector/ponyfill';

/** From our own files: the package would fetch it from elsewhere. */
const WASM = new URL('../../../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url)
  .href;

export function makePonyfill(formats: readonly BarcodeFormat[]): BarcodeDetector {
  prepareZXingModule({ overrides: { locateFile: () => WASM } });
  return new BarcodeDetector({ formats: [...formats] });
}
