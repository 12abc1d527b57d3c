import type { ReactNode } from 'react';
import { type MessageKey, say } from '../language/say.js';
import type { PageContext } from './context.js';

type Tab = readonly [href: string, key: MessageKey];

const DESK: readonly Tab[] = [
  ['/desk', 'desk.today'],
  ['/desk/firms', 'desk.firms'],
  ['/desk/opportunities', 'desk.opportunities'],
  ['/desk/imports', 'import.tab'],
  ['/desk/account', 'account.tab'],
  ['/desk/introductions', 'introduction.title'],
  ['/desk/meetings', 'meeting.title'],
  ['/desk/digests', 'desk.digests'],
  ['/desk/suppressions', 'suppression.tab'],
  ['/desk/reports', 'report.title'],
  ['/desk/health', 'health.title'],
];

const FIRM: readonly Tab[] = [
  ['/firm', 'firm.matches'],
  ['/firm/near', 'near.tab'],
  ['/firm/saved', 'saved.list'],
  ['/firm/introductions', 'introduction.title'],
  ['/firm/meetings', 'meeting.mine'],
  ['/firm/profile', 'firm.profile'],
  ['/firm/digests', 'firm.digests'],
  ['/firm/person', 'person.title'],
];

interface TabsProps {
  readonly context: PageContext;
  /** The address of the tab that is open. */
  readonly here: string;
}

/** Where the desk's pages are. */
export const DeskTabs = (props: TabsProps): ReactNode => tabs(props, 'desk.title', DESK);

/** Where a firm's pages are. */
export const FirmTabs = (props: TabsProps): ReactNode => tabs(props, 'firm.tabs', FIRM);

function tabs({ context: { language }, here }: TabsProps, title: MessageKey, all: readonly Tab[]): ReactNode {
  return (
    <nav className="tabs" aria-label={say(language, title)}>
      {all.map(([href, key]) => (
        <a key={href} href={href} aria-current={href === here ? 'page' : undefined}>
          {say(language, key)}
        </a>
      ))}
    </nav>
  );
}
