import { jupyterTheme } from '@jupyterlab/codemirror';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import type { Extension } from '@codemirror/state';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import { diffTheme } from './diffTheme';

// pixels
const NARROW = 640;

const COLLAPSED = { margin: 3, minSize: 6 };

// milliseconds, after which a diff becomes coarse rather than late
const DIFF = { scanLimit: 500, timeout: 200 };

interface IDiffProps {
  /**
   * The texts; `null` where one side has none.
   */
  left: string | null;
  right: string | null;
  language: string | null;
  label: string;
}

/**
 * Two texts side by side with what differs marked, one above the other where there is no room; a single text as it is.
 */
export default function Diff(props: IDiffProps): JSX.Element {
  const { languages, trans } = useMLOps();
  const { label, language, left, right } = props;
  const ref = React.useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow(ref);
  React.useEffect(() => {
    const host = ref.current!;
    let view: IView | null = null;
    let isGone = false;
    void highlighting(languages ?? null, language).then(highlight => {
      if (!isGone) {
        const extensions = [...readOnly(trans), highlight];
        view = isNarrow
          ? createUnified(host, left, right, extensions)
          : createSides(host, left, right, extensions);
      }
    });
    return () => {
      isGone = true;
      view?.destroy();
      host.replaceChildren();
    };
  }, [left, right, language, isNarrow]);
  return (
    <div
      ref={ref}
      className="jp-MLOpsDiff"
      role="group"
      aria-label={label}
      // as high as its text before it is there, so that nothing below it jumps
      style={{ minHeight: `${Math.min(linesIn(left, right), 8)}lh` }}
    />
  );
}

/**
 * Whether two texts have no room side by side.
 */
function useNarrow(ref: React.RefObject<HTMLElement>): boolean {
  const [isNarrow, setNarrow] = React.useState(false);
  React.useLayoutEffect(() => {
    const look = () => setNarrow(ref.current!.clientWidth < NARROW);
    const observer = new ResizeObserver(look);
    observer.observe(ref.current!);
    look();
    return () => observer.disconnect();
  }, []);
  return isNarrow;
}

interface IView {
  destroy(): void;
}

function createSides(
  parent: HTMLElement,
  left: string | null,
  right: string | null,
  extensions: Extension[]
): IView {
  return left === null || right === null
    ? createUnified(parent, left, right, extensions)
    : new MergeView({
        parent,
        a: { doc: left, extensions },
        b: { doc: right, extensions },
        collapseUnchanged: COLLAPSED,
        diffConfig: DIFF
      });
}

function createUnified(
  parent: HTMLElement,
  left: string | null,
  right: string | null,
  extensions: Extension[]
): IView {
  const merge =
    left === null || right === null
      ? []
      : unifiedMergeView({
          original: left,
          mergeControls: false,
          collapseUnchanged: COLLAPSED,
          diffConfig: DIFF
        });
  return new EditorView({
    parent,
    doc: right ?? left ?? '',
    extensions: [...extensions, merge]
  });
}

function readOnly(trans: TranslationBundle): Extension[] {
  return [
    jupyterTheme,
    diffTheme,
    lineNumbers(),
    EditorView.lineWrapping,
    EditorState.readOnly.of(true),
    // the caret stays, so that the text can be walked and copied with the keyboard
    EditorView.contentAttributes.of({ 'aria-readonly': 'true' }),
    EditorState.phrases.of({
      '$ unchanged lines': trans.__('$ unchanged lines')
    })
  ];
}

async function highlighting(
  languages: IEditorLanguageRegistry | null,
  language: string | null
): Promise<Extension> {
  const known = language && languages?.findBest(language);
  // a language that cannot be loaded leaves the text plain
  const loaded = known
    ? await languages?.getLanguage(known).catch(() => null)
    : null;
  return loaded?.support ?? [];
}

function linesIn(...texts: (string | null)[]): number {
  return Math.max(...texts.map(text => text?.split('\n').length ?? 0));
}
