import type { hsm as english } from '../en/hsm.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The HSM and what it keeps. */
export const hsm: Like<typeof english> = {
  'hsm.locked': {
    means: 'HSM 在，但自启动或插入以来还没有人输入它的 PIN。没有 PIN 就不能制造产品，也无人能登录。',
    steps: ['让产品留在夹具上。', '呼叫安全员来解锁。'],
    lead: '由安全员在“{hsm}”屏幕上解锁。若它反复自行锁定，请检查其线缆和供电。',
  },
  'hsm.down': {
    means: 'HSM 无应答。工站会自动尝试恢复；在此之前各工位等待，不会损失任何产品。',
    steps: ['让一切保持原样一分钟。', '确认 HSM 已插好并通电。', say.officer],
    lead: '在“{hsm}”屏幕上：状态和原因。消息中写明了驱动程序的说法；驱动文件若有改动，也会写在那里。',
  },
  'hsm.ambiguous': {
    means: 'HSM 可能已签署一张证书，但应答没有收到。该证书列为可能已签发，可以吊销。重新制造该产品是安全的。',
    steps: [say.again, say.officerIf],
    lead: '在“{certificates}”屏幕上按该产品查找：可能已签发的证书。吊销产品没有持有的那些。',
  },
  'hsm.not-unwrapped': {
    means: '用本应对应的密钥无法解开包裹的密钥。它在途中损坏，或是为另一个工站制作的。',
    steps: ['不要再用同一文件尝试。', say.officer],
    lead: '在“{hsm}”屏幕上：解包密钥的指纹；与密钥所有者当时使用的指纹对照。',
  },
  'hsm.key-missing': {
    means: '工站需要的密钥不在 HSM 中。它被删除了，或插入的是另一个令牌。',
    steps: [say.stop, '确认插入的是正确的令牌。', say.officer],
    lead: '在“{hsm}”屏幕上：令牌的序列号及其中的密钥。',
  },
  'hsm.key-ambiguous': {
    means: '有两个密钥同名，工站不会自行选择。',
    steps: [say.stop, say.officer],
    lead: '在“{hsm}”屏幕上：两个密钥，以及哪一个由工站生成。另一个用 HSM 自带的工具移除。',
  },
  'hsm.key-differs': {
    means: 'HSM 中有名称正确的密钥，但不是当初设置的那一个。用它制造的产品会被拒绝，或其密钥可能为他人所知。',
    steps: [say.stop, say.officer],
    lead: '在“{hsm}”屏幕上：将校验值或公钥与设置时的记录对照。查明由谁更改；审计日志中有本工站的每次调用。',
  },
  'hsm.key-attribute': {
    means: '某个密钥可以从 HSM 中读出，或可用于规定以外的用途。不使用它，因为能离开的机密就不是机密。',
    steps: [say.stop, say.officer],
    lead: '在“{hsm}”屏幕上：消息所写的属性。密钥无法修补；须以正确方式生成或导入新的密钥。',
  },
  'hsm.key-exists': {
    means: '已有同名密钥。密钥从不覆盖，否则用旧密钥制造的一切都会丢失。',
    steps: ['换一个名称。', '再做一次。'],
    lead: '在“{hsm}”屏幕上：现有的密钥，以及谁在使用它。',
  },
  'hsm.public-sample': {
    means: '该密钥作为示例刊登在公开文档中，人人都有。',
    steps: ['不要使用它。', '向该组的所有者索取真正的密钥。', say.officer],
    lead: '是否给其他工站也用了同一密钥。',
  },
  'hsm.key-length': {
    means: '作为组密钥，它太短或太长。通常是把一行文字当成了密钥，或某个分量没有输完整。',
    steps: ['将输入的内容与所有者给的对照。', '重新输入所有分量。'],
    lead: '密钥有多长，由该组的所有者告知。',
  },
  'hsm.pin': {
    means: 'HSM 说 PIN 错误。工站从不重复尝试同一 PIN，因为错几次后 HSM 会销毁其密钥。',
    steps: ['不要尝试其他 PIN。', say.officer],
    lead: '在“{hsm}”屏幕上：原因，以及令牌对 PIN 的说法：剩余次数不多、最后一次或已锁定。只能用信封中的 PIN 再次解锁。',
  },
  'hsm.refused': {
    means: 'HSM 理解了请求，但因消息所写的原因拒绝了。',
    steps: ['记下原因。', say.officer],
    lead: '在 HSM 手册中查该原因。常见的是其策略，或该密钥无权这样用。',
  },
  'hsm.unsupported': {
    means: '该 HSM 做不到所要求的：缺少相应的算法或长度。',
    steps: [say.stop, say.officer],
    lead: '在 HSM 手册中查它支持什么。然后在配方或证书配置中换用别的算法，或换一台 HSM。',
  },
  'hsm.unsealable': {
    means: '数据库中的一份机密无法打开。它被更改过，或 HSM 的密封密钥与密封时不同，例如恢复错了备份。',
    steps: ['停下正在做的事。', say.officer],
    lead: '在“{hsm}”屏幕上：密封密钥是否为当初设置的那一个。配方指定的机密由两个人重新设置。',
  },
  'secret.unknown': {
    means: '配方指定了一份机密，例如产品控制台的密码，而本工站从未得到它。',
    steps: [say.stop, say.asks],
    lead: '在“{hsm}”屏幕上：机密清单。由两个人在工站的命令行上设置。',
  },
};
