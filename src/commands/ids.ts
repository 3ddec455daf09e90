/**
 * Ids of the commands; other extensions may call them.
 */
export const CommandIDs = {
  annotateSnapshot: 'mlops:annotate-snapshot',
  comparePrevious: 'mlops:compare-previous',
  compareRuns: 'mlops:compare-runs',
  createSnapshot: 'mlops:create-snapshot',
  deleteDeployment: 'mlops:delete-deployment',
  deleteRun: 'mlops:delete-run',
  deleteSnapshot: 'mlops:delete-snapshot',
  deployModel: 'mlops:deploy-model',
  notebookHistory: 'mlops:notebook-history',
  openDeployment: 'mlops:open-deployment',
  openHistory: 'mlops:open-history',
  openFileLineage: 'mlops:open-file-lineage',
  openLineage: 'mlops:open-lineage',
  openExperiment: 'mlops:open-experiment',
  openModel: 'mlops:open-model',
  openRun: 'mlops:open-run',
  openRuns: 'mlops:open-runs',
  pinSnapshot: 'mlops:pin-snapshot',
  refresh: 'mlops:refresh',
  registerModel: 'mlops:register-model',
  reproduceSnapshot: 'mlops:reproduce-snapshot',
  restoreSnapshot: 'mlops:restore-snapshot',
  rollBackDeployment: 'mlops:roll-back-deployment',
  runClean: 'mlops:run-clean',
  setAlias: 'mlops:set-alias',
  showCells: 'mlops:show-cells',
  showRuns: 'mlops:show-runs',
  startDeployment: 'mlops:start-deployment',
  stopDeployment: 'mlops:stop-deployment'
} as const;
