import * as React from 'react';

import type { Camera, ISize } from './camera';
import type { IPlace, Places } from './places';

export interface ISeen {
  /**
   * The cards that have come and were not in sight yet.
   */
  missed: readonly IPlace[];

  /**
   * Look anew what is in sight, after a move.
   */
  look: () => void;
  size: () => ISize;
}

/**
 * Lets the camera follow a graph, and the size of the box in which that is shown.
 */
export function useCamera(
  camera: Camera,
  box: React.RefObject<HTMLDivElement>,
  places: Places,
  start: string | null,
  anchor: string | null
): ISeen {
  const [missed, setMissed] = React.useState<readonly IPlace[]>([]);
  const size = () => ({
    width: box.current?.clientWidth ?? 0,
    height: box.current?.clientHeight ?? 0
  });
  const look = () => {
    const now = camera.missed(size());
    setMissed(last => (last.length + now.length === 0 ? last : now));
  };
  React.useLayoutEffect(() => {
    camera.take(places, start, anchor, size());
    look();
  }, [places]);
  React.useEffect(() => {
    const observer = new ResizeObserver(() => {
      camera.aim(size());
      look();
    });
    observer.observe(box.current as HTMLDivElement);
    return () => observer.disconnect();
  }, [camera]);
  return { missed, look, size };
}
