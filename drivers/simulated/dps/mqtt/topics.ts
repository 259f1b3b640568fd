/** The only filter that may be subscribed to (DPS docs, MQTT support). */
export const RESPONSES = '$dps/registrations/res/#';

/** A request that a device publishes, as the call over HTTPS that it stands for. */
export type TopicRequest = { readonly rid: string; readonly method: string; readonly tail: readonly string[] };

/** No topic of the service comes near it. */
const MOST_CHARACTERS = 1024;

const REGISTER = '$dps/registrations/PUT/iotdps-register/';
const OPERATION_STATUS = '$dps/registrations/GET/iotdps-get-operationstatus/';

/** Reads a topic (DPS docs, MQTT support); undefined when it is none that may be published to. */
export function readTopic(topic: string): TopicRequest | undefined {
  if (topic.length > MOST_CHARACTERS || /[+#]/.test(topic)) return undefined;
  const [path = '', query = ''] = topic.split('?', 2);
  const fields = new Map(query.split('&').map((field) => fieldOf(field)));
  const rid = fields.get('$rid');
  if (!rid) return undefined;
  if (path === REGISTER) return { rid, method: 'PUT', tail: ['register'] };
  const operationId = fields.get('operationId');
  if (path === OPERATION_STATUS && operationId) return { rid, method: 'GET', tail: ['operations', operationId] };
  return undefined;
}

/** The request's own ID comes back as it was written, whatever it is. */
function fieldOf(field: string): [string, string] {
  const equals = field.indexOf('=');
  return equals < 0 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)];
}

export function responseTopic(rid: string, status: number, retryAfter: string | undefined): string {
  const wait = retryAfter === undefined ? '' : `&retry-after=${retryAfter}`;
  return `$dps/registrations/res/${status}/?$rid=${rid}${wait}`;
}

/** Who a device says it is in its user name. */
export type UserName = {
  readonly idScope: string;
  readonly registrationId: string;
  readonly parameters: URLSearchParams;
};

/** Reads `{idScope}/registrations/{registrationId}/api-version=…[&ClientVersion=…]`; undefined when it is not that. */
export function readUserName(text: string | undefined): UserName | undefined {
  const [, idScope, registrationId, parameters] =
    /^([^/]{1,128})\/registrations\/([^/]{1,128})\/(.{0,2048})$/i.exec(text ?? '') ?? [];
  if (idScope === undefined || registrationId === undefined) return undefined;
  return { idScope, registrationId, parameters: new URLSearchParams(parameters) };
}
