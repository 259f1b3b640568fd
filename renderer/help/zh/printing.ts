import type { printing as english } from '../en/printing.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Labels of units, and the printers that they come out of. */
export const printing: Like<typeof english> = {
  'label.unknown-template': {
    means: '配方要求的标签在本工站没有模板。产品本身仍会照常制造。',
    steps: [say.notYet, say.lead],
    lead: '将配方中的 label 部分与工站文件中的模板对照：两者之一的名称不同。',
  },
  'label.no-printer': {
    means: '本工站没有适合该标签的打印机：没有这个名称的，或没有负责该工位的。',
    steps: ['在“{labels}”屏幕上指定另一台打印机。', say.lead],
    lead: '工站文件中的打印机以及它们负责哪些工位；配方中的 label 部分。',
  },
  'label.none': {
    means: '使用该配方的产品不由本工站打印标签。',
    steps: ['检查序列号是否正确。', say.lead],
    lead: '该配方是否应有 label 部分。更改之前制造的产品使用其自己配方的标签。',
  },
  'label.not-passed': {
    means: '只有通过的产品才有标签。贴在其他产品上，标签说的就不是事实。',
    steps: ['检查序列号是否正确。', '先制造该产品：在“{lanes}”屏幕上扫描。', say.leadIf],
    lead: '在“{audit}”屏幕上按序列号查看该产品的经过。',
  },
  'label.cannot': {
    means: '无法绘制出可以再次读取的标签：缺少内容、放不下，或含有条码无法容纳的字符。',
    steps: [say.goOn, say.lead],
    lead: '将消息指出的元素（在工站文件中）与工单对该产品的说明对照。改好后从“{labels}”屏幕打印标签。',
  },
  'printer.gone': {
    means: '打印机没有响应。标签按顺序等待，打印机恢复后会自动打印。',
    steps: ['打开打印机电源，检查线缆。', '继续工作；在标签打印出来之前，让产品保持原有顺序。', say.leadIf],
    lead: '工站文件中打印机的地址或端口，以及本机能否连到它。',
  },
  'printer.refused': {
    means: '打印机在，但因消息中的原因无法使用。它的标签会等待。',
    steps: ['关闭占用打印机的其他程序。', '继续工作；在标签打印出来之前，让产品保持原有顺序。', say.leadIf],
    lead: '原因：有程序占用端口、工站账户缺少权限，或磁盘已满。',
  },
  'printer.silent': {
    means: '打印机接收标签，但不报告自身状态，因此无法知道标签是否已打印。',
    steps: ['关闭打印机再打开。', '粘贴之前，将打印出的标签与产品核对。', say.leadIf],
    lead: '该打印机是否支持 ZPL、是否会应答。对于从不应答的打印机，工站文件中可以不询问。',
  },
  'printer.paper-out': {
    means: '标签卷已用完。标签会等待，之后自动打印。',
    steps: ['装入新的标签卷，合上打印机。', '将最先打印的几张标签与产品核对：可能有一张重复。', say.leadIf],
    lead: '标签卷的尺寸是否与模板一致，间隙传感器是否干净。',
  },
  'printer.head-open': {
    means: '打印机没有合上。标签会等待，之后自动打印。',
    steps: ['合上打印机，直到卡住。', '将最先打印的几张标签与产品核对：可能有一张重复。', say.leadIf],
    lead: '打印头的锁扣是否牢固。',
  },
  'printer.not-ready': {
    means: '打印机有响应，但因消息中的原因不打印。标签会等待，之后自动打印。',
    steps: ['查看打印机自身的显示屏，按其要求操作。', '将最先打印的几张标签与产品核对：可能有一张重复。', say.leadIf],
    lead: '无人结束的暂停、用完的碳带，或过热的打印头。',
  },
};
