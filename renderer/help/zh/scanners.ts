import type { scanners as english } from '../en/scanners.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Scanners, labels, and lanes that wait for their unit. */
export const scanners: Like<typeof english> = {
  'scan.unreadable': {
    means:
      '传来的不是完整的标签：只有半个代码、含有标签不会有的字符，或 GS1 代码的各部分不符。其中任何内容都不会被使用，因为半个代码可能是另一件产品的。',
    steps: ['拿稳扫描枪，重新扫描整个标签。', '若再次出现，请清洁或重新打印标签。', say.leadIf],
    lead: '是一个标签被拒绝还是全部。若是全部：扫描枪的结束符或前缀与“{settings}”中的不同，或键盘设置不同；请扫描测试条码。',
  },
  'scan.no-serial': {
    means: '这是没有序列号或有两个序列号的 GS1 标签，可能是品类或包装箱的标签。',
    steps: ['扫描带有该产品序列号的标签。', say.leadIf],
    lead: '标签所含的数据：序列号是 GS1 AI 21。没有它的标签不能指明某一件产品。',
  },
  'scan.checksum': {
    means: '序列号的最后一个字符由其他字符算出，但不相符：有字符读错或输错。',
    steps: ['重新扫描标签，不要手动输入。', '若再次出现，请重新打印标签。', say.leadIf],
    lead: '该工单的标签是否遵守此规则：它适用于整个工站。',
  },
  'scan.unknown-command': {
    means: '该条码以本程序的命令开头，但此版本没有这样的命令。',
    steps: ['使用此版本的命令条码。', say.leadIf],
    lead: '命令条码只有 CONFIRM 和 RETRY。其他的属于别的版本，或是自造的。',
  },
  'scanner.gone': {
    means: '串口上的扫描枪已拔下，或其适配器没有电。恢复后会自动继续使用。',
    steps: ['插上扫描枪，等待一秒。', '在此期间使用另一把扫描枪，或输入序列号。', say.leadIf],
    lead: '工站文件中扫描枪的端口是否仍是它所插的位置。',
  },
  'light.unreachable': {
    means: '信号灯或继电器没有接受要显示的状态，可能仍显示旧状态。屏幕上的内容是正确的。',
    steps: ['请看屏幕，不要看信号灯。', '检查信号灯是否有电、线缆是否插好。', say.leadIf],
    lead: '消息中的原因；然后是工站文件中信号灯的端口或地址。',
  },
  'scanner.refused': {
    means: '扫描枪的端口存在，但被其他程序占用，或工站无权打开。系统会自动重试。',
    steps: ['关闭使用该扫描枪的其他程序。', '在此期间使用另一把扫描枪，或输入序列号。', say.leadIf],
    lead: '消息中的原因：其他程序、工站用户缺少权限，或端口不支持的速率。',
  },
  'lane.armed': {
    means: '该产品已为另一工位扫描，那个工位正等待它插入。一件产品只在一个工位上开始。',
    steps: ['在等待它的工位上插入该产品。', '或为那个工位扫描另一件产品来代替；五分钟后它会自动忘记。'],
    lead: '在“{audit}”屏幕上按序列号查看：谁使该工位待启动，何时。',
  },
  'lane.starts-by-scan': {
    means: '要使该工位等待插入，但它设置为由扫描启动。',
    steps: ['扫描该产品：运行立即开始。', say.leadIf],
    lead: '工站文件中：需要双手的治具的工位有 start: attach。',
  },
};
