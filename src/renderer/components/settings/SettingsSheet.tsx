import { AudioLines, Cpu, type LucideIcon, MessageCircle, Mic, Palette, Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import {
  Button,
  Dialog,
  Heading,
  Input,
  Modal,
  ModalOverlay,
  SearchField,
  Tab,
  TabList,
  TabPanel,
  Tabs,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAppState, useAppStore, usePage } from '../../context';
import { IconButton } from '../IconButton';
import { FieldControl } from './FieldControl';
import { FIELDS, type Field, type FieldId, SECTIONS, type Section, searchFields, sectionOf } from './fields';
import { useWide } from './use-wide';

const ICONS: Record<Section, LucideIcon> = {
  conversation: MessageCircle,
  sound: AudioLines,
  talking: Mic,
  local: Cpu,
  look: Palette,
};

/** All settings, over the conversation in the same window: sections, and a search across them. */
export function SettingsSheet() {
  const { t } = useTranslation();
  const { store } = usePage();
  const { open } = useAppStore((s) => s.settings);
  return (
    <ModalOverlay
      className="sheet-overlay"
      isOpen={open}
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) store.getState().closeSettings();
      }}
    >
      <Modal className="sheet">
        <Dialog className="sheet-dialog">
          {({ close }) => (
            <>
              <header className="sheet-header">
                <Heading slot="title">{t('settings.title')}</Heading>
                <IconButton label={t('settings.close')} onPress={close}>
                  <X aria-hidden="true" />
                </IconButton>
              </header>
              <SettingsBody />
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function SettingsBody() {
  const { t } = useTranslation();
  const app = useAppState();
  const wanted = useAppStore((s) => s.settings.field);
  const [query, setQuery] = useState('');
  const [section, setSection] = useState<Section>(wanted ? sectionOf(wanted) : 'conversation');
  const wide = useWide();
  const body = useRef<HTMLDivElement>(null);
  const shown = FIELDS.filter((field) => field.shown(app));

  useEffect(() => {
    if (!wanted) return;
    setQuery('');
    setSection(sectionOf(wanted));
    const timer = setTimeout(() => {
      const field = body.current?.querySelector(`[data-field="${wanted}"]`);
      field?.scrollIntoView({ block: 'center' });
      field?.setAttribute('data-wanted', '');
      const control =
        field?.querySelector<HTMLElement>('input:checked') ??
        field?.querySelector<HTMLElement>('input:not([type=hidden]), textarea, button:not([tabindex="-1"])');
      control?.focus();
    });
    return () => clearTimeout(timer);
  }, [wanted]);

  const words = (id: FieldId): string => `${t(`field.${id}.label`)} ${t(`field.${id}.about`)}`;
  const found = query.trim() === '' ? null : searchFields(shown, query, words);
  return (
    <div className="sheet-body" ref={body}>
      <SearchField className="search" aria-label={t('settings.search')} value={query} onChange={setQuery}>
        <Search aria-hidden="true" />
        <Input placeholder={t('settings.search')} />
        {query !== '' && (
          <Button aria-label={t('settings.clearSearch')}>
            <X aria-hidden="true" />
          </Button>
        )}
      </SearchField>
      {found ? (
        <section className="section found" aria-label={t('settings.search')}>
          {found.length === 0 && <p className="field-about">{t('settings.nothingFound', { query })}</p>}
          <FieldList fields={found} />
        </section>
      ) : (
        <Tabs
          className="tabs"
          selectedKey={section}
          onSelectionChange={(key) => setSection(key as Section)}
          orientation={wide ? 'vertical' : 'horizontal'}
        >
          <TabList className="tab-list" aria-label={t('settings.sections')}>
            {SECTIONS.map((id) => {
              const Icon = ICONS[id];
              return (
                <Tab key={id} id={id} className="tab">
                  <Icon aria-hidden="true" />
                  {t(`section.${id}`)}
                </Tab>
              );
            })}
          </TabList>
          {SECTIONS.map((id) => (
            <TabPanel key={id} id={id} className="section">
              <FieldList fields={shown.filter((field) => field.section === id)} />
              {id === 'local' && app.settings.service !== 'local' && (
                <p className="field-about">{t('settings.localUnused')}</p>
              )}
              {id === 'look' && <p className="version">{t('settings.version', { version: app.version })}</p>}
            </TabPanel>
          ))}
        </Tabs>
      )}
    </div>
  );
}

function FieldList({ fields }: { fields: readonly Field[] }) {
  return fields.map((field) => <FieldControl key={field.id} id={field.id} />);
}
