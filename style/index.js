import './base.css';
import './panels.css';
import './form.css';
import './tabs.css';
import './run.css';
import './model.css';
import './deployment.css';
