/** A state that views are drawn from: changed whole, told to whoever listens. */
export interface Store<State> {
  get(): State;
  set(change: Partial<State>): void;
  listen(listener: () => void): () => void;
}

export function makeStore<State extends object>(first: State): Store<State> {
  let state = first;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
