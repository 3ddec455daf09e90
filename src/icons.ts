import { LabIcon } from '@jupyterlab/ui-components';

import compareSvg from '../style/icons/compare.svg';
import compareNowSvg from '../style/icons/compare-now.svg';
import dataSvg from '../style/icons/data.svg';
import deploySvg from '../style/icons/deploy.svg';
import experimentSvg from '../style/icons/experiment.svg';
import headlessSvg from '../style/icons/headless.svg';
import lineageSvg from '../style/icons/lineage.svg';
import mlopsSvg from '../style/icons/mlops.svg';
import pinSvg from '../style/icons/pin.svg';
import registerSvg from '../style/icons/register.svg';
import snapshotSvg from '../style/icons/snapshot.svg';

export const mlopsIcon = new LabIcon({
  name: 'jupyter-mlops:icon',
  svgstr: mlopsSvg
});

export const experimentIcon = new LabIcon({
  name: 'jupyter-mlops:experiment',
  svgstr: experimentSvg
});

export const dataIcon = new LabIcon({
  name: 'jupyter-mlops:data',
  svgstr: dataSvg
});

export const snapshotIcon = new LabIcon({
  name: 'jupyter-mlops:snapshot',
  svgstr: snapshotSvg
});

export const headlessIcon = new LabIcon({
  name: 'jupyter-mlops:headless',
  svgstr: headlessSvg
});

export const pinIcon = new LabIcon({
  name: 'jupyter-mlops:pin',
  svgstr: pinSvg
});

export const registerIcon = new LabIcon({
  name: 'jupyter-mlops:register',
  svgstr: registerSvg
});

export const deployIcon = new LabIcon({
  name: 'jupyter-mlops:deploy',
  svgstr: deploySvg
});

export const compareIcon = new LabIcon({
  name: 'jupyter-mlops:compare',
  svgstr: compareSvg
});

export const compareNowIcon = new LabIcon({
  name: 'jupyter-mlops:compare-now',
  svgstr: compareNowSvg
});

export const lineageIcon = new LabIcon({
  name: 'jupyter-mlops:lineage',
  svgstr: lineageSvg
});
