import { Plus, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import type { TemplateDefinition } from '../../engine/templates/defineTemplate.ts';
import { allTemplates } from '../../engine/templates/registry.ts';
import { translate, useMessages } from '../i18n/language.ts';
import { openEmpty, openTemplate, projects } from '../stores/persistence.ts';
import { pictureOf } from '../stores/projects/picture.ts';
import { sessionStore } from '../stores/session.ts';
import { IconButton } from '../ui/controls.tsx';
import { focusWhole } from '../ui/focusWhole.ts';
import { CARD, CardBody } from './card.tsx';
import { ModelThumbnail } from './ModelThumbnail.tsx';
import { ProjectCard } from './ProjectCard.tsx';

const close = () => sessionStore.setState({ dialog: undefined });

/** Where work starts: an empty canvas, what was built before, and templates with what they teach. */
function StartPage() {
  const open = useStore(sessionStore, ({ dialog }) => dialog === 'projects');
  const words = useMessages().projects;
  return (
    <Dialog.Root open={open} onOpenChange={(wanted) => !wanted && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focusWhole}
          className="fixed inset-x-0 top-[5vh] z-50 mx-auto flex max-h-[90vh] w-[min(1040px,calc(100vw-24px))] flex-col overflow-hidden rounded-xl border border-line bg-surface text-ink shadow-2xl outline-none"
        >
          <div className="flex h-12 shrink-0 items-center justify-between border-b border-line pr-2 pl-5">
            <Dialog.Title className="text-sm font-semibold">{words.title}</Dialog.Title>
            <IconButton icon={X} label={words.close} onClick={close} />
          </div>
          <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto p-5">
            <Recent />
            <Section title={words.templates}>
              {allTemplates().map((template) => (
                <TemplateCard key={template.id} template={template} />
              ))}
            </Section>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Recent() {
  const words = useMessages().projects;
  const list = useStore(projects.state, (state) => state.list);
  return (
    <Section title={words.recent}>
      <button
        type="button"
        className={`${CARD} min-h-40 items-center justify-center gap-2 border-dashed p-4 text-center`}
        onClick={() => {
          close();
          void openEmpty();
        }}
      >
        <Plus aria-hidden size={20} className="text-accent" />
        <span className="text-[13px] font-medium">{words.empty}</span>
        <span className="text-center text-xs leading-snug text-muted">{words.emptyHint}</span>
      </button>
      {list.map((record) => (
        <ProjectCard key={record.id} record={record} close={close} />
      ))}
      {list.length === 0 && <p className="self-center text-xs leading-relaxed text-muted">{words.none}</p>}
    </Section>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h3 className="section-title">{title}</h3>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(220px,1fr))] gap-3">{children}</div>
    </section>
  );
}

function TemplateCard({ template }: { readonly template: TemplateDefinition }) {
  const words = useMessages().projects;
  const picture = useMemo(() => pictureOf(template.build()), [template]);
  const { metric, value, epochs } = template.expected;
  return (
    <button
      type="button"
      className={CARD}
      onClick={() => {
        close();
        void openTemplate(template);
      }}
    >
      <ModelThumbnail picture={picture} />
      <CardBody title={translate(template.title)} aside={words.level[template.level]}>
        <span className="leading-snug">{translate(template.summary)}</span>
        <span className="mt-auto pt-1 text-[11px]">
          {
            {
              accuracy: words.expectedAccuracy((100 * value).toFixed(0), epochs),
              loss: words.expectedLoss(String(value), epochs),
              inceptionScore: words.expectedScore(String(value), epochs),
            }[metric]
          }
        </span>
      </CardBody>
    </button>
  );
}

export default StartPage;
