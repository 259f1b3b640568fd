import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Language } from '../station-core/contract/desktop.ts';

// The native menu. On Windows and Linux it is hidden for good, not until Alt is pressed, since scanners type with Alt; its
// shortcuts work all the same. F1 to F8 are the lanes' and stand in no menu.

const english = {
  file: 'File',
  print: 'Print…',
  quit: 'Quit Birthmark',
  edit: 'Edit',
  view: 'View',
  reload: 'Reload',
  fullScreen: 'Full screen',
  help: 'Help',
  about: 'About Birthmark',
} as const;
type Words = { readonly [Word in keyof typeof english]: string };

const words: Readonly<Record<Language, Words>> = {
  en: english,
  de: {
    file: 'Datei',
    print: 'Drucken …',
    quit: 'Birthmark beenden',
    edit: 'Bearbeiten',
    view: 'Ansicht',
    reload: 'Neu laden',
    fullScreen: 'Vollbild',
    help: 'Hilfe',
    about: 'Über Birthmark',
  },
  zh: {
    file: '文件',
    print: '打印…',
    quit: '退出 Birthmark',
    edit: '编辑',
    view: '查看',
    reload: '重新加载',
    fullScreen: '全屏',
    help: '帮助',
    about: '关于 Birthmark',
  },
  es: {
    file: 'Archivo',
    print: 'Imprimir…',
    quit: 'Salir de Birthmark',
    edit: 'Editar',
    view: 'Ver',
    reload: 'Volver a cargar',
    fullScreen: 'Pantalla completa',
    help: 'Ayuda',
    about: 'Acerca de Birthmark',
  },
};

/** What the menu is for: a kiosk has nothing in it that leaves it. */
export type MenuFor = {
  readonly language: Language;
  readonly kiosk: boolean;
  readonly mac: boolean;
  readonly print: () => void;
};

/** The menu as Electron takes it. Reloading also has a station tried again that could not start. */
export function menuTemplate({ language, kiosk, mac, print }: MenuFor): MenuItemConstructorOptions[] {
  const said = words[language];
  const file: MenuItemConstructorOptions[] = [
    { label: said.print, accelerator: 'CmdOrCtrl+P', click: print },
    ...(kiosk ? [] : [{ label: said.quit, role: 'quit', accelerator: 'CmdOrCtrl+Q' } as const]),
  ];
  const view: MenuItemConstructorOptions[] = [
    { label: said.reload, role: 'reload', accelerator: 'CmdOrCtrl+R' },
    ...(kiosk
      ? []
      : [{ label: said.fullScreen, role: 'togglefullscreen', accelerator: mac ? 'Ctrl+Cmd+F' : 'F11' } as const]),
  ];
  return [
    { label: said.file, submenu: file },
    ...(mac ? [{ label: said.edit, role: 'editMenu' } as const] : []),
    { label: said.view, submenu: view },
    { label: said.help, role: 'help', submenu: [{ label: said.about, role: 'about' }] },
  ];
}

export function showMenu(menu: MenuFor): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(menu)));
}

/** The language for a system's locale, as long as nobody who chose one is signed in. */
export function languageOf(locale: string): Language {
  const [found] = locale.toLowerCase().split(/[-_]/);
  return (Object.keys(words) as Language[]).find((language) => language === found) ?? 'en';
}
