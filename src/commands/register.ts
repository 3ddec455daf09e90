import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';

import type {
  LiveModel,
  ModelVersion,
  ModelVersionCreate,
  RegisteredModel
} from '../api/types';
import { errorMessage } from '../api/request';
import type { IMLOps } from '../tokens';
import { CommandIDs } from './ids';
import { allModels } from './models';
import { because, notifying, refuse } from './notify';
import { saveIfDirty } from './save';

/**
 * Where a model can be taken from: a notebook's kernel or what a headless run kept.
 */
interface ISource {
  models: LiveModel[];
  origin: Pick<Partial<ModelVersionCreate>, 'notebook_path' | 'snapshot_id'>;
}

/**
 * Asks which of the models alive in the notebook's kernel to register, and registers it.
 *
 * @param variable - the model that is meant, if one is.
 *
 * @returns the new version, or `null` if there is none.
 */
export function registerFromNotebook(
  mlops: IMLOps,
  commands: CommandRegistry,
  panel: NotebookPanel | null,
  variable: string | null = null
): Promise<ModelVersion | null> {
  return register(mlops, commands, () => liveModels(mlops, panel), variable);
}

/**
 * The same with the models that a run kept, or one of its snapshots.
 */
export function registerFromRun(
  mlops: IMLOps,
  commands: CommandRegistry,
  runId: string,
  snapshotId: string | null = null
): Promise<ModelVersion | null> {
  return register(mlops, commands, () => keptModels(mlops, runId, snapshotId));
}

async function register(
  mlops: IMLOps,
  commands: CommandRegistry,
  find: () => Promise<ISource>,
  chosen: string | null = null
): Promise<ModelVersion | null> {
  const { client, trans } = mlops;
  let source: ISource;
  let registered: RegisteredModel[];
  try {
    source = await find();
    registered = await allModels(client);
  } catch (reason) {
    const what = trans.__('No model was registered');
    return refuse(because(trans, what, errorMessage(reason)));
  }
  const { RegisterForm } = await import('./registerForm');
  const answer = await showDialog({
    title: trans.__('Register Model'),
    body: new RegisterForm({
      models: source.models,
      registered,
      variable: chosen,
      trans
    }),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Register') })
    ]
  });
  if (!answer.button.accept || !answer.value) {
    return null;
  }
  const { name, variable } = answer.value;
  return create(mlops, commands, name, { ...source.origin, variable });
}

async function create(
  mlops: IMLOps,
  commands: CommandRegistry,
  name: string,
  body: Partial<ModelVersionCreate>
): Promise<ModelVersion | null> {
  const { client, models, trans } = mlops;
  const made = await notifying(() => client.registerModel(name, body), {
    pending: trans.__('Registering %1…', name),
    done: ({ version }) => ({
      message: trans.__('%1 version %2 registered', name, version),
      actions: [
        {
          label: trans.__('Deploy'),
          callback: () => {
            void commands.execute(CommandIDs.deployModel, { name, version });
          }
        },
        {
          label: trans.__('Open'),
          callback: () => {
            void commands.execute(CommandIDs.openModel, { name, version });
          }
        }
      ]
    }),
    failed: reason =>
      because(trans, trans.__('No model was registered'), reason)
  });
  models.hint();
  return made;
}

async function liveModels(
  { client, trans }: IMLOps,
  panel: NotebookPanel | null
): Promise<ISource> {
  if (panel === null) {
    throw new Error(trans.__('open the notebook that made the model first.'));
  }
  const { context, sessionContext } = panel;
  if (!sessionContext.session?.kernel) {
    throw new Error(
      trans.__('the notebook has no running kernel. Run the notebook first.')
    );
  }
  await saveIfDirty(context, trans);
  const path = context.localPath;
  const { items } = await client.liveModels(path);
  if (items.length === 0) {
    throw new Error(
      trans.__('no model is alive in the kernel. Run the cells that fit one.')
    );
  }
  return { models: items, origin: { notebook_path: path } };
}

async function keptModels(
  { client, trans }: IMLOps,
  runId: string,
  snapshotId: string | null
): Promise<ISource> {
  const id = snapshotId ?? (await client.run(runId)).snapshot_id;
  const models = id === null ? [] : (await client.snapshot(id)).manifest.models;
  const kept = models.filter(({ object_id }) => object_id !== null);
  if (id === null || kept.length === 0) {
    throw new Error(
      trans.__(
        'this run kept no model: only headless runs do. Register it from its notebook, where it is alive.'
      )
    );
  }
  return { models: kept, origin: { snapshot_id: id } };
}
