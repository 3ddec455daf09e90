import * as React from 'react';

import type { FileUse } from '../../api/types';
import { CopyButton } from '../../components/CopyButton';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { formatBytes } from '../../components/size';
import { useMLOps } from '../../hooks/context';

const SHORT_DIGEST = 8;

/**
 * The files that the notebook read and wrote.
 */
export function Data(props: { files: readonly FileUse[] }): JSX.Element {
  const { trans } = useMLOps();
  if (props.files.length === 0) {
    return (
      <p className="jp-MLOpsRun-hint">
        {trans.__(
          'No file was seen. Files are seen in kernels that were started while jupyter-mlops was on.'
        )}
      </p>
    );
  }
  return (
    <table className="jp-MLOpsTable">
      <thead>
        <tr>
          <th scope="col">{trans.__('File')}</th>
          <th scope="col">{trans.__('Use')}</th>
          <th scope="col">{trans.__('Size')}</th>
          <th scope="col">{trans.__('Digest')}</th>
          <th scope="col">{trans.__('Kept')}</th>
        </tr>
      </thead>
      <tbody>
        {props.files.map((file, index) => (
          <Row key={index} file={file} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ file }: { file: FileUse }): JSX.Element {
  const { trans } = useMLOps();
  const { digest, mode, note, object_id: id, path, size } = file;
  return (
    <tr>
      <td>
        <MiddleEllipsis text={path} />
      </td>
      <td>{mode === 'read' ? trans.__('read') : trans.__('written')}</td>
      <td>{size === null ? '–' : formatBytes(size)}</td>
      <td>
        {digest === null ? (
          '–'
        ) : (
          <>
            <code title={digest}>{digest.slice(0, SHORT_DIGEST)}</code>
            <CopyButton text={digest} label={trans.__('digest of %1', path)} />
          </>
        )}
      </td>
      <td>{id === null ? (note ?? trans.__('no')) : trans.__('yes')}</td>
    </tr>
  );
}
