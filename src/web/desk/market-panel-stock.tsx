import type { MarketStockAnswer } from '#modules/insight/index.ts';
import { t } from '../messages.ts';
import { figureText, type Teller } from './figures.tsx';

interface Props {
  stock: MarketStockAnswer;
  /** What stock is kept at cost in: of another currency there is no figure. */
  isOwnCurrency: boolean;
  names: ReadonlyMap<string, string>;
  teller: Teller;
}

/** What stands ready for the region, where it lies, and how long it lasts. */
export function StockOfMarket({ stock: { days, locations, total }, isOwnCurrency, names, teller }: Props) {
  const told = ({ weeks, weeksAhead }: Pick<MarketStockAnswer['total'], 'weeks' | 'weeksAhead'>) => {
    if (weeks === null) return '–';
    const back = teller.format.number(weeks, 1);
    const ahead =
      weeksAhead === null ? t('desk.market.panel.stock.beyond') : teller.format.number(weeksAhead, 1);
    return t('desk.market.panel.stock.both', { back, ahead });
  };
  const hint = !isOwnCurrency ? 'currency' : days === 0 ? 'early' : locations.length === 0 ? 'none' : 'hint';
  return (
    <section aria-labelledby="panel-stock">
      <h3 id="panel-stock">{t('desk.market.panel.stock')}</h3>
      <p class="hint">{t(`desk.market.panel.stock.${hint}`)}</p>
      {hint === 'hint' && (
        <table class="panel-table">
          <thead>
            <tr>
              <th scope="col">{t('desk.market.panel.stock.location')}</th>
              <th scope="col" class="figures">
                {t('desk.market.panel.stock.units')}
              </th>
              <th scope="col" class="figures">
                {t('desk.market.panel.stock.value')}
              </th>
              <th scope="col" class="figures">
                {t('desk.market.panel.stock.weeks')}
              </th>
            </tr>
          </thead>
          <tbody>
            {locations.map(({ locationId, units, valueMinor, ...lasts }) => (
              <tr key={locationId}>
                <th scope="row">{names.get(locationId) ?? locationId.slice(0, 8)}</th>
                <td class="figures">{teller.format.number(units)}</td>
                <td class="figures">{figureText(teller, 'stock_value', valueMinor)}</td>
                <td class="figures">{told(lasts)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('desk.table.total')}</th>
              <td class="figures">{teller.format.number(total.units)}</td>
              <td class="figures">{figureText(teller, 'stock_value', total.valueMinor)}</td>
              <td class="figures">{told(total)}</td>
            </tr>
          </tfoot>
        </table>
      )}
    </section>
  );
}
