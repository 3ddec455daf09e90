import { Dialog, showDialog } from '@jupyterlab/apputils';

import { errorMessage, isConflict } from '../api/request';
import type { Snapshot, SnapshotMarks } from '../api/types';
import type { IMLOps } from '../tokens';
import { because, notifying, refuse } from './notify';

/**
 * What somebody wants to be said of a snapshot.
 */
interface IDraft {
  note: string;
  tags: string[];
}

/**
 * What was written, and what was there when it was begun.
 */
interface IEdit {
  draft: IDraft;
  seen: IDraft;
}

/**
 * Asks for a note and tags, and writes those that were changed: tags that another tab writes meanwhile stay, and where
 * it wrote the note, both are shown and one is asked again. What was typed is not lost when it cannot be written.
 */
export async function annotateSnapshot(
  mlops: IMLOps,
  id: string,
  last: IEdit | null = null
): Promise<void> {
  const { client, trans } = mlops;
  let edit: IEdit | null;
  try {
    const snapshot = await client.snapshot(id);
    edit = await askForMarks(mlops, snapshot, last);
  } catch (reason) {
    const what = trans.__('The note was not saved');
    refuse(because(trans, what, errorMessage(reason)));
    return;
  }
  if (edit !== null) {
    await save(mlops, id, edit);
  }
}

async function save(mlops: IMLOps, id: string, edit: IEdit): Promise<void> {
  const { client, trans } = mlops;
  const { draft, seen } = edit;
  const isNote = draft.note !== seen.note;
  const isTags = draft.tags.join() !== seen.tags.join();
  if (!isNote && !isTags) {
    return;
  }
  const written = (from: IDraft, before: IDraft): SnapshotMarks => ({
    ...(isNote ? { note: from.note } : {}),
    ...(isTags ? { tags: from.tags } : {}),
    seen: before
  });
  const write = async () => {
    try {
      const { deleted } = await client.snapshot(id);
      await client.markSnapshot(id, written(draft, seen));
      return deleted ? 'back' : 'saved';
    } catch (reason) {
      if (isConflict(reason)) {
        return 'met';
      }
      throw reason;
    }
  };
  const undo = () => void takeBack(mlops, id, written(seen, draft));
  const how = await notifying(write, {
    pending: trans.__('Saving the note…'),
    done: outcome =>
      outcome === 'met'
        ? {
            message: trans.__(
              'The note was not saved: somebody else has changed it meanwhile.'
            ),
            type: 'warning'
          }
        : {
            message:
              outcome === 'saved'
                ? trans.__('Note saved')
                : trans.__(
                    'Note saved. The snapshot had been deleted meanwhile and is there again.'
                  ),
            actions: [{ label: trans.__('Undo'), callback: undo }]
          },
    failed: reason =>
      because(trans, trans.__('The note was not saved'), reason),
    again: {
      label: trans.__('Edit again'),
      callback: () => void annotateSnapshot(mlops, id, edit)
    }
  });
  if (how === 'met') {
    await annotateSnapshot(mlops, id, edit);
  }
}

async function takeBack(
  { client, trans }: IMLOps,
  id: string,
  marks: SnapshotMarks
): Promise<void> {
  await notifying(() => client.markSnapshot(id, marks), {
    pending: trans.__('Saving the note…'),
    done: () => ({ message: trans.__('The note is as it was') }),
    failed: reason => because(trans, trans.__('The note was not saved'), reason)
  });
}

async function askForMarks(
  { client, trans }: IMLOps,
  snapshot: Snapshot,
  last: IEdit | null
): Promise<IEdit | null> {
  const { MarksForm } = await import('./marksForm');
  const { items } = await client.snapshots({ limit: 1000 });
  const note = snapshot.note ?? '';
  // tags are told from those that were there at first: others may have come
  const seen = { note, tags: last?.seen.tags ?? snapshot.tags };
  const isOther = last !== null && note !== last.seen.note;
  const body = new MarksForm({
    ...(last?.draft ?? seen),
    other: isOther ? note : null,
    known: [...new Set(items.flatMap(({ tags }) => tags))].sort(),
    trans
  });
  const answer = await showDialog({
    title: trans.__('Note and Tags'),
    body,
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Save') })
    ],
    focusNodeSelector: 'textarea'
  });
  const draft = answer.button.accept ? answer.value : null;
  return draft && { draft, seen };
}
