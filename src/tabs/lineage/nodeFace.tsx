import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LineageNode } from '../../api/types';
import type { IFace } from './CardButton';
import { Facts } from './Facts';
import {
  describeState,
  kindName,
  nodeData,
  nodeName,
  stateName
} from './words';

/**
 * What the card of one thing shows; it opens the thing.
 */
export function nodeFace(node: LineageNode, trans: TranslationBundle): IFace {
  const why = describeState(node, trans);
  return {
    data: nodeData(node),
    words: [
      kindName(node.kind, trans),
      nodeName(node),
      stateName(node.state, trans),
      why
    ],
    title: [node.name, why],
    name: nodeName(node),
    facts: <Facts node={node} />,
    state: node
  };
}
