import type { station as english } from '../en/station.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The station itself: its records, its audit trail, its backups. */
export const station: Like<typeof english> = {
  'station.held': {
    means: '另一个进程正在使用此文件夹。两个进程可能把同一身份给出两次，因此第二个不会启动。',
    steps: ['查看工站是否已在另一个窗口中打开；若是，请使用那个窗口。', '若没有，请呼叫线长。'],
    lead: '消息中写明了是哪个进程。结束该进程，但不要关闭计算机电源。',
  },
  'station.no-folder': {
    means: '此文件夹中没有工站，或其屏幕尚未构建。',
    steps: [say.folder, '若是新计算机，请设置工站。'],
    lead: '自上次启动以来，是否缺少了磁盘或网络共享。',
  },
  'station.config': {
    means: '配置中有不允许的内容。消息中写明了位置、应为什么、实际是什么。',
    steps: ['记下消息所写的位置。', say.lead],
    lead: '查看 station.json 中的该位置。能在“{setup}”屏幕上更改的内容，写入前都会检查。',
  },
  'station.mode': {
    means: '练习与生产是分开的：模拟产品和练习密钥绝不用于生产，真实的仪式绝不用于练习。',
    steps: ['查看屏幕上方显示的是哪种模式。', say.lead],
    lead: '模式只在设置时选择一次。要用另一种模式，请另设一个工站。',
  },
  'station.stopping': {
    means: '操作进行时，工站被要求停止。只完成一半的内容不算数。',
    steps: ['等到工站重新运行。', say.again],
    lead: '由谁停止、为什么。停止前在“{lanes}”屏幕上确认没有工位在运行。',
  },
  'store.failed': {
    means: '磁盘没有写入一条记录。没有记录就不输出任何内容，因此产品什么也没有得到，也没有合格。',
    steps: ['让产品留在夹具上。', '呼叫线长，由线长释放磁盘空间。', '然后重新扫描该产品。'],
    lead: '磁盘还有多少空间，是否只读。SQLITE_FULL 表示磁盘已满，SQLITE_IOERR 表示磁盘损坏。',
  },
  'store.damaged': {
    means: '工站的一条记录或一个文件与写入时不同。',
    steps: ['停止使用本工站。', say.both],
    lead: 'birthmark fsck 会说明哪些完好、哪些不完好。然后使用最新的备份。',
  },
  'audit.too-long': {
    means: '审计日志的一个条目会超过允许的长度。没有条目就不做任何事，因此未执行任何操作。这是本程序的错误。',
    steps: ['不要再试。', say.lead],
    lead: '连同代码一起报告。一次少处理几件产品往往可行。',
  },
  'audit.damaged': {
    means: '审计日志与其自身的校验和不符：有条目被更改、移除或丢失。所有制造和签署都已停止。',
    steps: ['不要重新启动，也不要修复任何内容。', '呼叫安全员和审计员。'],
    lead: '在“{audit}”屏幕上：损坏的位置。导出现有内容，与上次导出及交接班记录中的代码对照。',
  },
  'audit.older': {
    means: '工站之外有比工站自身更新的状态记录。数据库被换回了旧副本；继续下去会把编号给出两次。',
    steps: [say.leave, say.both],
    lead: '在“{audit}”屏幕上：各锚点。请换回最新的数据库。若已丢失，由安全员和线长核对。',
  },
  'audit.forked': {
    means: '外部锚点所记录的内容与此数据库不符：同一个工站有两份历史。',
    steps: [say.leave, '呼叫安全员和审计员。'],
    lead: '在“{audit}”屏幕上：各锚点，以及哪些不符。查找在此期间工作过的第二份工站副本。',
  },
  'audit.not-stopped': {
    means: '要核对的内容不是审计日志停止的原因，或审计日志根本没有停止。',
    steps: ['重新查看各锚点。', say.look],
    lead: '在“{audit}”屏幕上：使其停止的树头，其大小和根。',
  },
  'audit.unsigned': {
    means: 'HSM 没有签署审计日志的最新状态，而从中取出任何内容都需要这个签名。',
    steps: ['确认 HSM 就绪。', '再做一次。', say.officerIf],
    lead: '在“{hsm}”屏幕上：HSM。在“{audit}”屏幕上：审计日志是否已停止。',
  },
  'audit.not-written': {
    means: '磁盘没有写入导出内容。审计日志本身没有变化。',
    steps: ['释放空间，或选择另一个文件夹。', '重新导出。'],
    lead: '工站是否有权写入该文件夹。',
  },
  'backup.exists': {
    means: '已有同名内容。备份从不覆盖任何内容。',
    steps: ['换一个新名称。', '重新备份。'],
    lead: '在“{setup}”屏幕上：现有的备份。',
  },
  'backup.failed': {
    means: '备份未能写完。已写的部分已移除；工站本身继续运行。',
    steps: ['确认介质已插好且有空间。', '重新备份。'],
    lead: '在“{setup}”屏幕上：上一次完好的备份有多久了。',
  },
  'backup.damaged': {
    means: '备份中的一个文件与备份时不同。',
    steps: ['不要用它恢复。', '改用另一份备份。', say.lead],
    lead: '介质是否已磨损。若刚做的备份就不完好，请在工站上运行 birthmark fsck。',
  },
  'backup.expired': {
    means: '在此期间必须删除的记录仍在这份备份中，用它恢复会使这些记录重新出现。',
    steps: ['改用更新的备份。', '若没有，请呼叫线长和安全员。'],
    lead: '若只能用这份，请加 --expired 恢复。若文件夹中还有删除清单，工站启动时会再次删除同样的记录。',
  },
  'backup.not-empty': {
    means: '要恢复到的文件夹中已有内容。',
    steps: ['选择新的空文件夹。', '若要替换旧工站，请呼叫线长。'],
    lead: '使用 --replace 时，旧文件夹会以另一名称保留；恢复的工站能正常工作后再删除它。',
  },
  'rpc.closed': {
    means: '屏幕与工站的连接断开了。各工位在工站上继续运行；屏幕会自动恢复，并显示期间发生的事。',
    steps: ['等几秒钟。让产品留在夹具上。', '若一分钟内没有恢复，请重新加载页面（Ctrl+R）。', '若仍不行，请呼叫线长。'],
    lead: '工站的进程是否还在这台计算机上运行。',
  },
  'rpc.deadline': {
    means: '工站没有及时应答。它负荷过重，或被什么拖住了。',
    steps: ['稍等片刻，再做一次。', say.leadIf],
    lead: '这台计算机上还在运行什么，磁盘是否缓慢或已满。',
  },
  internal: {
    means: '发生了程序没有预料到的事。详情见日志中该事件编号；屏幕上不显示，因为其中可能含有机密。',
    steps: ['记下事件编号和时间。', say.again, say.lead],
    lead: '按该编号查工站日志。将其发给本程序的维护人员。',
  },
};
