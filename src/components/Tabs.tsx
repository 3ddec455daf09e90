import * as React from 'react';

export interface ITab {
  id: string;
  title: string;
  render: () => React.ReactNode;
}

/**
 * Panels of which one is shown. Arrows, Home and End choose another while the tabs have the focus. A new `shown` shows
 * the panel that it names.
 */
export function Tabs(props: {
  label: string;
  tabs: readonly ITab[];
  shown?: { id: string } | null;
}): JSX.Element {
  const { label, shown, tabs } = props;
  const base = React.useId();
  const bar = React.useRef<HTMLDivElement>(null);
  const [id, choose] = React.useState(tabs[0].id);
  React.useEffect(() => {
    if (shown) {
      choose(shown.id);
    }
  }, [shown]);
  const index = Math.max(
    tabs.findIndex(tab => tab.id === id),
    0
  );
  const onKeyDown = (event: React.KeyboardEvent) => {
    const next = destination(event.key, index, tabs.length);
    if (next !== null) {
      event.preventDefault();
      choose(tabs[next].id);
      (bar.current?.children[next] as HTMLElement | undefined)?.focus();
    }
  };
  return (
    <div className="jp-MLOpsTabs">
      <div
        ref={bar}
        className="jp-MLOpsTabs-bar"
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
      >
        {tabs.map((tab, position) => (
          <button
            key={tab.id}
            type="button"
            className="jp-MLOpsTabs-tab"
            role="tab"
            id={`${base}-${tab.id}`}
            aria-selected={position === index}
            aria-controls={`${base}-panel`}
            tabIndex={position === index ? 0 : -1}
            onClick={() => choose(tab.id)}
          >
            {tab.title}
          </button>
        ))}
      </div>
      <div
        key={tabs[index].id}
        className="jp-MLOpsTabs-panel"
        role="tabpanel"
        id={`${base}-panel`}
        aria-labelledby={`${base}-${tabs[index].id}`}
      >
        {tabs[index].render()}
      </div>
    </div>
  );
}

function destination(
  key: string,
  index: number,
  length: number
): number | null {
  switch (key) {
    case 'ArrowRight':
      return (index + 1) % length;
    case 'ArrowLeft':
      return (index + length - 1) % length;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return null;
  }
}
