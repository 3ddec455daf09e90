/**
 * Ids of the commands; other extensions may call them.
 */
export const CommandIDs = {
  comparePrevious: 'mlops:compare-previous',
  compareRuns: 'mlops:compare-runs',
  createSnapshot: 'mlops:create-snapshot',
  deleteDeployment: 'mlops:delete-deployment',
  deleteRun: 'mlops:delete-run',
  deployModel: 'mlops:deploy-model',
  openDeployment: 'mlops:open-deployment',
  openModel: 'mlops:open-model',
  openRun: 'mlops:open-run',
  openRuns: 'mlops:open-runs',
  refresh: 'mlops:refresh',
  registerModel: 'mlops:register-model',
  rollBackDeployment: 'mlops:roll-back-deployment',
  setAlias: 'mlops:set-alias',
  showCells: 'mlops:show-cells',
  startDeployment: 'mlops:start-deployment',
  stopDeployment: 'mlops:stop-deployment'
} as const;
