import { EditorView } from '@codemirror/view';

const shade = (color: string, percent: number) =>
  `color-mix(in srgb, var(${color}) ${percent}%, transparent)`;

const REMOVED = '--jp-error-color1';
const ADDED = '--jp-success-color1';
const underlined = (color: string) => ({
  background: shade(color, 25),
  boxShadow: `inset 0 -2px var(${color})`
});

/**
 * The merge view in the colours of JupyterLab's theme.
 */
export const diffTheme = EditorView.theme({
  '&': { backgroundColor: 'var(--jp-cell-editor-background)' },
  '&.cm-editor.cm-merge-a .cm-changedLine, &.cm-editor .cm-deletedChunk': {
    backgroundColor: shade(REMOVED, 10)
  },
  '&.cm-editor.cm-merge-b .cm-changedLine, &.cm-editor .cm-inlineChangedLine': {
    backgroundColor: shade(ADDED, 10)
  },
  '&.cm-editor.cm-merge-a .cm-changedText, &.cm-editor .cm-deletedChunk .cm-deletedText':
    underlined(REMOVED),
  '&.cm-editor.cm-merge-b .cm-changedText': underlined(ADDED),
  '&.cm-editor.cm-merge-a .cm-changedLineGutter, &.cm-editor .cm-deletedLineGutter':
    { background: `var(${REMOVED})` },
  '&.cm-editor.cm-merge-b .cm-changedLineGutter': {
    background: `var(${ADDED})`
  },
  '&.cm-editor .cm-collapsedLines': {
    color: 'var(--jp-ui-font-color2)',
    background: 'var(--jp-layout-color2)'
  },
  // where the system gives the colours, lines tell what was changed
  '@media (forced-colors: active)': {
    '&.cm-editor .cm-deletedChunk, &.cm-editor.cm-merge-a .cm-changedText': {
      textDecoration: 'line-through'
    },
    '&.cm-editor .cm-inlineChangedLine, &.cm-editor.cm-merge-b .cm-changedText':
      { textDecoration: 'underline' }
  }
});
