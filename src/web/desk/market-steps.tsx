import { metricOf } from '#modules/insight/index.ts';
import { t } from '../messages.ts';
import { dayName, dayTick, figureText, type Teller, valueOf } from './figures.tsx';
import type { Market } from './market-read.ts';
import { hrefOf, stepsOf } from './market-query.ts';

interface Props {
  market: Pick<Market, 'view' | 'bySteps'>;
  teller: Teller;
}

/** The period as a row of steps, each as high as its figure. A link each; with script it also plays. */
export function MarketSteps({ market: { view, bySteps }, teller }: Props) {
  const { metric, grain } = view;
  const steps = stepsOf(view).map((step, index) => {
    const value = valueOf(bySteps.rows[index]?.figures, metric);
    const when = `${dayName(teller.format, step.from)}${step.to === step.from ? '' : ` – ${dayName(teller.format, step.to)}`}`;
    const title = t('desk.market.steps.of', { when, value: figureText(teller, metric, value) });
    return { ...step, value, title, href: hrefOf(view, { step: step.from }) };
  });
  if (steps.length < 2) return null;
  const most = Math.max(...steps.map(({ value }) => Math.abs(value ?? 0)), Number.MIN_VALUE);
  const at = steps.findIndex(({ from }) => from === view.step);
  const [earlier, later] = [steps[at - 1], at < 0 ? steps[0] : steps[at + 1]];
  const spansYears = view.period.from.slice(0, 4) !== view.period.to.slice(0, 4);
  return (
    <map-steps>
      <nav class="steps" aria-label={t('desk.market.steps')}>
        <div class="steps-head">
          <strong>{t(`desk.market.steps.${grain}`)}</strong>
          <a href={hrefOf(view, { step: '' })} aria-current={view.step ? undefined : 'true'}>
            {t('desk.market.steps.all')}
          </a>
          {earlier && (
            <a href={earlier.href} rel="prev">
              {t('desk.market.steps.earlier')}
            </a>
          )}
          {later && (
            <a href={later.href} rel="next">
              {t('desk.market.steps.later')}
            </a>
          )}
          <button
            type="button"
            class="button plain"
            hidden
            data-pause={t('desk.market.steps.pause')}
            data-play={t('desk.market.steps.play')}
          >
            {t('desk.market.steps.play')}
          </button>
        </div>
        <ol class="steps-row" aria-label={metricOf(metric).title}>
          {steps.map(({ from, value, title, href }) => (
            <li key={from}>
              <a
                href={href}
                aria-label={title}
                title={title}
                aria-current={from === view.step ? 'step' : undefined}
              >
                <span
                  data-negative={(value ?? 0) < 0 ? '' : undefined}
                  style={`block-size:${((Math.abs(value ?? 0) / most) * 100).toFixed(1)}%`}
                />
              </a>
            </li>
          ))}
        </ol>
        <p class="steps-ends" aria-hidden="true">
          <span>{dayTick(teller.format, view.period.from, spansYears)}</span>
          <span>{dayTick(teller.format, view.period.to, spansYears)}</span>
        </p>
      </nav>
    </map-steps>
  );
}
