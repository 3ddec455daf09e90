import type { DocumentRegistry } from '@jupyterlab/docregistry';

import { unsavedContent } from '../unsaved';

const MEBIBYTE = 1024 * 1024;

function documentOf(content: object, more: object = {}, size = 100) {
  const toJSON = jest.fn(() => content);
  const model = { dirty: true, toJSON, ...more };
  const document = {
    model,
    contentsModel: { size }
  } as unknown as Pick<DocumentRegistry.Context, 'model' | 'contentsModel'>;
  return { document, toJSON };
}

describe('unsavedContent', () => {
  it('is what the editor holds', async () => {
    const content = { cells: [{ source: 'x = "한글"', outputs: [null, 1] }] };
    const { document } = documentOf(content);
    const sent = Buffer.from((await unsavedContent(document))!, 'base64');
    expect(JSON.parse(sent.toString())).toEqual(content);
  });

  it('is nothing where all of it is on the disk', async () => {
    const { document, toJSON } = documentOf({}, { dirty: false });
    expect(await unsavedContent(document)).toBeNull();
    expect(toJSON).not.toHaveBeenCalled();
  });

  it('is nothing where the file is too large, which is not asked for', async () => {
    const { document, toJSON } = documentOf({}, {}, 200 * MEBIBYTE);
    expect(await unsavedContent(document)).toBeNull();
    expect(toJSON).not.toHaveBeenCalled();
  });

  it('is nothing where outputs have grown too large, which are not copied', async () => {
    const write = jest.spyOn(JSON, 'stringify');
    const half = 'x'.repeat(5 * MEBIBYTE);
    const { document } = documentOf({ cells: [{ half }, { half }] });
    expect(await unsavedContent(document)).toBeNull();
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
    for (const text of ['"'.repeat(5 * MEBIBYTE), '글'.repeat(3 * MEBIBYTE)]) {
      expect(await unsavedContent(documentOf({ text }).document)).toBeNull();
    }
  });
});
