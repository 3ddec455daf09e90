import { place } from './layout';
import type { IOrder } from './places';

/**
 * Lays one graph out in a thread of its own: that of hundreds of cards takes most of a second.
 */
self.onmessage = ({ data }: MessageEvent<IOrder>) => {
  self.postMessage(place(data));
};
