import type { INotebookContent } from '@jupyterlab/nbformat';
import { Notebook, NotebookModel, StaticNotebook } from '@jupyterlab/notebook';
import * as React from 'react';

import { LuminoHost } from '../../components/LuminoHost';
import { StateView } from '../../components/StateView';
import type { IMLOpsContext } from '../../hooks/context';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';

/**
 * The notebook of a snapshot with its outputs, as JupyterLab shows it, to be read only. A `cell` is scrolled to and
 * marked.
 */
export function NotebookView(props: {
  snapshotId: string;
  cell?: number;
}): JSX.Element {
  const context = useMLOps();
  const { cell, snapshotId } = props;
  const { data, ...request } = useRequest(
    () => context.mlops.client.snapshotNotebook(snapshotId),
    [snapshotId]
  );
  return (
    <StateView {...request} isEmpty={data === null}>
      {data && (
        <LuminoHost
          create={() => {
            const content = data.content as unknown as INotebookContent;
            const notebook = createNotebook(context, content);
            requestAnimationFrame(() => mark(notebook, cell));
            return notebook;
          }}
          deps={[data, cell]}
        />
      )}
    </StateView>
  );
}

function createNotebook(
  { editorServices, rendermime }: IMLOpsContext,
  content: INotebookContent
): StaticNotebook {
  const model = new NotebookModel();
  model.fromJSON(untrusted(content));
  const notebook = new StaticNotebook({
    rendermime: rendermime.clone(),
    contentFactory: new Notebook.ContentFactory({
      editorFactory: editorServices.factoryService.newInlineEditor
    }),
    mimeTypeService: editorServices.mimeTypeService,
    notebookConfig: {
      ...StaticNotebook.defaultNotebookConfig,
      windowingMode: 'none'
    }
  });
  notebook.addClass('jp-MLOpsRun-notebook');
  notebook.model = model;
  for (const cell of notebook.widgets) {
    cell.readOnly = true;
  }
  notebook.disposed.connect(() => model.dispose());
  return notebook;
}

function mark(notebook: StaticNotebook, cell: number | undefined): void {
  const node = cell === undefined ? null : notebook.widgets[cell]?.node;
  node?.classList.add('jp-mod-marked');
  node?.scrollIntoView({ block: 'center' });
}

/**
 * A snapshot may come from anywhere: what its outputs would run in the page stays asleep.
 */
function untrusted(content: INotebookContent): INotebookContent {
  return {
    ...content,
    cells: content.cells.map(cell => ({
      ...cell,
      metadata: { ...cell.metadata, trusted: false }
    }))
  };
}
