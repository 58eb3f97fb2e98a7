import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Act, type Layout, nameOf, type Part, type Say, type WordsPart } from './look-layout.ts';
import { uploadScene } from './look-scene.ts';

interface Props {
  part: Part | undefined;
  layout: Layout;
  say: Say;
  canUndo: boolean;
  canRedo: boolean;
  onAct: (what: Act) => void;
  onUndo: (isRedo: boolean) => void;
  onWords: () => void;
  onScene: (sceneId: string | null, scene: string | null) => void;
  onSay: (words: string) => void;
}

/** What the keys do, as buttons. */
export function LookTools(props: Props) {
  const { part, say, canUndo, canRedo, onAct, onUndo, onWords } = props;
  return (
    <div class="composer-tools">
      <div class="composer-row">
        <Tool isOff={!canUndo} onClick={() => onUndo(false)}>
          {say('undo')}
        </Tool>
        <Tool isOff={!canRedo} onClick={() => onUndo(true)}>
          {say('redo')}
        </Tool>
        <Tool onClick={onWords}>{say('text')}</Tool>
      </div>
      {part ? (
        <div class="composer-row" role="group" aria-label={say('selected', { name: nameOf(part) })}>
          <Tool onClick={() => onAct({ do: 'scale', by: 1.1 })}>{say('bigger')}</Tool>
          <Tool onClick={() => onAct({ do: 'scale', by: 1 / 1.1 })}>{say('smaller')}</Tool>
          <Tool onClick={() => onAct({ do: 'turn', by: -10 })}>{say('left')}</Tool>
          <Tool onClick={() => onAct({ do: 'turn', by: 10 })}>{say('right')}</Tool>
          <Tool onClick={() => onAct({ do: 'layer', by: 1 })}>{say('up')}</Tool>
          <Tool onClick={() => onAct({ do: 'layer', by: -1 })}>{say('down')}</Tool>
          <Shapes {...props} part={part} />
          <Tool onClick={() => onAct({ do: 'remove' })}>{say('remove')}</Tool>
        </div>
      ) : (
        <p class="soft small">{say(props.layout.parts.length === 0 ? 'empty' : 'nothing')}</p>
      )}
      {part?.kind === 'words' && <Lettering part={part} say={say} onAct={onAct} />}
      <Scene {...props} />
      <details class="composer-help">
        <summary class="text-button">{say('keys.title')}</summary>
        <p id="composer-keys" class="soft small">
          {say('keys')}
        </p>
      </details>
    </div>
  );
}

/** What the words are, and their colour. Their fields are no part of the form around them, which is kept by itself. */
function Lettering({ part, say, onAct }: Pick<Props, 'say' | 'onAct'> & { part: WordsPart }) {
  return (
    <div class="composer-lettering">
      <div class="field">
        <label for="composer-words">{say('text.label')}</label>
        <input
          id="composer-words"
          value={part.words}
          maxlength={80}
          onInput={(event) => onAct({ do: 'words', words: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for="composer-colour">{say('text.colour')}</label>
        <input
          id="composer-colour"
          type="color"
          value={part.colour}
          onInput={(event) => onAct({ do: 'colour', colour: event.currentTarget.value })}
        />
      </div>
    </div>
  );
}

function Shapes({ part, layout, say, onAct }: Props & { part: Part }) {
  if (part.kind !== 'item') return null;
  return (
    <>
      {part.shape !== 'cut_out' && (
        <Tool onClick={() => onAct({ do: 'shape', shape: 'cut_out' })}>{say('uncut')}</Tool>
      )}
      {part.shape !== 'whole' && (
        <Tool onClick={() => onAct({ do: 'shape', shape: 'whole' })}>{say('cut')}</Tool>
      )}
      {part.shape !== 'hotspot' && layout.sceneId && (
        <Tool onClick={() => onAct({ do: 'shape', shape: 'hotspot' })}>{say('spot')}</Tool>
      )}
    </>
  );
}

function Scene({ layout, say, onScene, onSay }: Props) {
  const [isBusy, setBusy] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    onSay(say('scene.waits'));
    const scene = await uploadScene(file).catch(() => null);
    setBusy(false);
    if (scene) onScene(scene.id, scene.src);
    onSay(say(scene ? 'scene.there' : 'scene.refused'));
  };
  return (
    <div class="field">
      <label for="composer-scene">{say('scene')}</label>
      <input
        id="composer-scene"
        type="file"
        accept="image/jpeg,image/png,image/webp,image/avif"
        disabled={isBusy}
        onChange={(event) => void take(event.currentTarget.files?.[0])}
      />
      {layout.sceneId && (
        <button type="button" class="text-button" onClick={() => onScene(null, null)}>
          {say('scene.none')}
        </button>
      )}
    </div>
  );
}

function Tool({
  children,
  isOff = false,
  onClick,
}: {
  children: ComponentChildren;
  isOff?: boolean;
  onClick: () => void;
}) {
  return (
    <button type="button" class="composer-tool" disabled={isOff} onClick={onClick}>
      {children}
    </button>
  );
}
