import { expect, type Page } from '@playwright/test';

const LABELS = { ru: { login: 'Логин', password: 'Пароль' }, en: { login: 'Login', password: 'Password' } };

/** Signs in as a person does, at the hub's own page. */
export async function signInOnPage(
  page: Page,
  httpUrl: string,
  login: string,
  password: string,
  language: 'ru' | 'en' = 'ru',
): Promise<void> {
  await page.goto(httpUrl);
  await page.getByLabel(LABELS[language].login).fill(login);
  await page.getByLabel(LABELS[language].password, { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation')).toBeVisible();
}
