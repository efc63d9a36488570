import type { ReactNode } from 'react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';

interface IconButtonProps {
  label: string;
  onPress(): void;
  children: ReactNode;
  className?: string;
}

/** A button that is only a picture: its name is read out and shown as a tooltip. */
export function IconButton({ label, onPress, children, className = '' }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <Button className={`icon-button ${className}`} aria-label={label} onPress={onPress}>
        {children}
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
