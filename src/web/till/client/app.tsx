import { useEffect, useState } from 'preact/hooks';
import { Camera } from './camera.tsx';
import { Deliver } from './deliver.tsx';
import { DoneView } from './done.tsx';
import { Elsewhere } from './elsewhere.tsx';
import { Find } from './find.tsx';
import { Lines } from './lines.tsx';
import { Help, Status, ToldList } from './notices.tsx';
import { Park, ParkedList } from './parked.tsx';
import { Pay } from './pay.tsx';
import { t } from './say.ts';
import { Side } from './sums.tsx';
import type { State, Till } from './till.ts';

interface Props {
  till: Till;
  update: () => void;
  isSingle: () => boolean;
  setSingle: (isSingle: boolean) => void;
}

/** The selling page, drawn anew from its state whenever that changes. */
export function App({ till, update, isSingle, setSingle }: Props) {
  const [state, setState] = useState(till.store.get());
  useEffect(() => till.store.listen(() => setState(till.store.get())), []);
  const { done, here, told } = state;
  return (
    <div class="sell">
      <Status till={till} state={state} update={update} />
      {here && !here.hasShift && (
        <p class="notice warning">
          {t('sell.no_shift')} <a href="/till/drawer">{t('sell.no_shift.open')}</a>
        </p>
      )}
      <p
        class={`sell-told${told?.text ? ` ${told.kind}` : ''}`}
        role={told?.kind === 'bad' ? 'alert' : 'status'}
      >
        {told?.text}
      </p>
      {done && here ? (
        <DoneView till={till} state={state} done={done} here={here} />
      ) : (
        <div class="sell-work">
          <div class="sell-main">
            <Find till={till} state={state} />
            <Lines till={till} state={state} />
          </div>
          <Side till={till} state={state} />
        </div>
      )}
      <Dialogs till={till} state={state} isSingle={isSingle} setSingle={setSingle} />
    </div>
  );
}

function Dialogs({ till, state, isSingle, setSingle }: Omit<Props, 'update'> & { state: State }) {
  const { dialog, here } = state;
  const close = () => till.store.set({ dialog: null });
  if (dialog === null || !here) return null;
  if (typeof dialog === 'object') return <Elsewhere till={till} state={state} variantId={dialog.elsewhere} />;
  switch (dialog) {
    case 'pay':
      return <Pay till={till} state={state} here={here} />;
    case 'park':
      return <Park till={till} close={close} />;
    case 'parked':
      return <ParkedList till={till} close={close} />;
    case 'camera':
      return <Camera till={till} state={state} />;
    case 'deliver':
      return <Deliver till={till} state={state} here={here} />;
    case 'told':
      return <ToldList till={till} state={state} close={close} />;
    case 'help':
      return <Help close={close} isSingle={isSingle()} setSingle={setSingle} />;
    default:
      return dialog satisfies never;
  }
}
