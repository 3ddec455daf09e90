import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { LazyView } from '../components/LazyView';
import type { IMLOpsContext } from '../hooks/context';
import { MLOpsContext } from '../hooks/context';

/**
 * The content of a main-area tab about one subject: a run's id, the name of a model or of a deployment.
 */
export class TabBody extends ReactWidget {
  constructor(context: IMLOpsContext, subject: string) {
    super();
    this.addClass('jp-MLOpsTab');
    this.subject = subject;
    this._context = context;
  }

  readonly subject: string;

  /**
   * What else is meant by what the tab shows now.
   */
  synonym: string | null = null;

  /**
   * Show a view from its start, in place of the one before.
   */
  showView(view: JSX.Element): void {
    this._count += 1;
    this._view = <React.Fragment key={this._count}>{view}</React.Fragment>;
    this.update();
  }

  protected render(): JSX.Element {
    return (
      <MLOpsContext.Provider value={this._context}>
        <LazyView>{this._view}</LazyView>
      </MLOpsContext.Provider>
    );
  }

  private _context: IMLOpsContext;
  private _count = 0;
  private _view: JSX.Element | null = null;
}
