import * as React from 'react';

/**
 * A button that opens a panel below it. A click elsewhere and Escape close it.
 */
export function Popover(props: {
  label: string;
  children: React.ReactNode;
}): JSX.Element {
  const { children, label } = props;
  const ref = React.useRef<HTMLDivElement>(null);
  const button = React.useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = React.useState(false);
  React.useEffect(() => {
    const onPointerDown = ({ target }: PointerEvent) => {
      if (!ref.current?.contains(target as Node)) {
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  }, []);
  return (
    <div
      ref={ref}
      className="jp-MLOpsPopover"
      onKeyDown={event => {
        if (isOpen && event.key === 'Escape') {
          event.stopPropagation();
          setOpen(false);
          button.current?.focus();
        }
      }}
    >
      <button
        ref={button}
        type="button"
        className="jp-Button jp-mod-styled jp-mod-reject"
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </button>
      {isOpen && (
        <div className="jp-MLOpsPopover-panel" role="dialog" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}
