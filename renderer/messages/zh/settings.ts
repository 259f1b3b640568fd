import type { settings as english } from '../en/settings.ts';
import type { Told } from '../messages.ts';

export const settings: Told<typeof english> = {
  title: '设置',
  inForce: '当前生效的设置',
  current: '如下所示',
  waiting: '与下方不同：下方设置在工站重启后生效',
  restart: '重启工站',
  restartNow: '立即重启',
  restartMeans: '工位将关闭几秒钟。之后 HSM 和云连接可能需要重新输入机密。',
  byCommand: '本工站由命令启动：请在启动处停止并重新启动。',
  others: '位置、云和备份',
  idle: '多少分钟后退出',
  idleMeans: '屏幕闲置这么久后自动退出登录，工位继续工作。',
  idleWrong: '1 至 480 的整数。',
  backupFolder: '备份文件夹（可选）',
  backupFolderMeans: '其他磁盘或共享上的完整路径。留空则保存在工站自己的文件夹中。',
  save: '保存',
  saveMeans: '需要第二人同意。设置在工站重启后生效。',
};
