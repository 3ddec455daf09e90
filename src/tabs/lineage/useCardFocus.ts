import * as React from 'react';

import type { Camera } from './camera';
import type { Places } from './places';

export interface ICardFocus {
  /**
   * The card that has the focus, or had it last.
   */
  id: string | null;
  set: (id: string) => void;

  /**
   * Have a card take the focus as soon as it is drawn.
   */
  move: (id: string) => void;

  /**
   * The same once the graph is laid out anew: the button that had the focus is gone then.
   */
  inherit: (id: string | undefined) => void;

  /**
   * Tells a card that is drawn whether it is to take the focus; once.
   */
  isDue: (id: string) => boolean;
}

/**
 * Which card of a graph has the focus.
 */
export function useCardFocus(
  camera: Camera,
  places: Places | undefined
): ICardFocus {
  const [id, set] = React.useState<string | null>(null);
  const due = React.useRef<string | null>(null);
  const heir = React.useRef<string>();
  const move = (wanted: string) => {
    due.current = wanted;
    set(wanted);
    camera.reveal(wanted);
  };
  React.useEffect(() => {
    if (heir.current !== undefined) {
      move(heir.current);
      heir.current = undefined;
    }
  }, [places]);
  return React.useMemo(
    () => ({
      id,
      set,
      move,
      inherit: wanted => (heir.current = wanted),
      isDue: drawn => {
        const isDue = due.current === drawn;
        due.current = isDue ? null : due.current;
        return isDue;
      }
    }),
    [id]
  );
}
