import { Alert, ScrollArea, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ImportRowError, Job } from '../../main/contract/device.ts';
import { HubError } from '../hub/errors.ts';
import { resources } from '../i18n/resources.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';

type RowCode = keyof (typeof resources)['ru']['devices']['row'];
const isRowCode = (code: string): code is RowCode => Object.hasOwn(resources.ru.devices.row, code);

/** Why a row was not taken, worded; the hub's own English for a code of a newer hub. */
function useRowText(): (error: ImportRowError) => string {
  const { t } = useTranslation('devices');
  return ({ code, message }) => (isRowCode(code) ? t(`row.${code}`) : message);
}

/** How an import ended. */
export function ImportOutcome({ job }: { job: Job }) {
  const { t } = useTranslation('devices');
  const format = useFormat();
  const errorText = useErrorText();
  const rowText = useRowText();
  // The hub's own sentence names the value, but is English.
  const { language } = useLanguage();
  const { result } = job;
  const bad = result?.errors ?? [];
  return (
    <>
      {job.state === 'done' && result && (
        <Alert color="teal" icon={<IconCircleCheck size={18} />} role="status">
          {t('import-done', {
            rows: format.number(result.rows),
            added: format.number(result.added),
            changed: format.number(result.changed),
          })}
        </Alert>
      )}
      {job.state === 'failed' && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
          {bad.length > 0 || !job.error
            ? t('import-bad', {
                count: result?.errorCount ?? 0,
                shown: format.number(result?.errorCount ?? 0),
              })
            : errorText(new HubError(job.error.code, 400, job.error.message))}
        </Alert>
      )}
      {result && (
        <Text size="xs" c="dimmed">
          {t('import-read-as', {
            encoding: result.encoding,
            delimiter: result.delimiter === '\t' ? 'Tab' : result.delimiter,
          })}
          {result.ignoredColumns &&
            result.ignoredColumns.length > 0 &&
            ` ${t('import-ignored', { columns: result.ignoredColumns.join(', ') })}`}
        </Text>
      )}
      {bad.length > 0 && (
        <ScrollArea.Autosize mah={360} type="auto">
          <Table stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={70}>{t('import-line')}</Table.Th>
                <Table.Th w={130}>{t('import-column')}</Table.Th>
                <Table.Th>{t('import-reason')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {bad.map((error) => (
                <Table.Tr key={`${error.line} ${error.column ?? ''} ${error.code} ${error.message}`}>
                  <Table.Td className="tabular">{error.line}</Table.Td>
                  <Table.Td>{error.column}</Table.Td>
                  <Table.Td>
                    {rowText(error)}
                    {language === 'en' && isRowCode(error.code) && (
                      <Text size="xs" c="dimmed">
                        {error.message}
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
    </>
  );
}
