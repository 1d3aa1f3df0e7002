import "reflect-metadata";
import {
  isUnshiftError,
  type JsonObject,
  type PluginContext,
  type PluginKind,
  pluginKinds,
  UnshiftError,
  type Where,
} from "@unshift/contracts";
import { type DependencyContainer, container as root } from "tsyringe";
import { schemaAt } from "../config/expectation.js";
import type { ConfigPath, Use } from "../config/experiment.js";
import { resolvePath } from "../config/resolve-path.js";
import { resolveSecrets } from "../config/secrets.js";
import { didYouMean, listed } from "../config/wording.js";
import { checkCreated } from "./check-created.js";
import { checkOptions } from "./check-options.js";
import { faultOf } from "./fault-of.js";
import { kindNames } from "./kind-names.js";
import { optionOfFault } from "./option-of-fault.js";
import { optionsJsonSchema } from "./options-json-schema.js";
import type { PluginRegistry, Registered } from "./plugin-registry.js";

/** All contributions of a kind; all things of a kind and id; what a factory is given. */
const kindTokens = Object.fromEntries(pluginKinds.map((kind) => [kind, Symbol(kind)])) as Readonly<
  Record<PluginKind, symbol>
>;
const optionsToken = Symbol("options");
const contextToken = Symbol("context");

type Place = (path: ConfigPath) => Where;
type Surroundings = Parameters<PluginRegistry["create"]>[3];

/** A registry over a child container: nothing is registered in the one all of a process shares. */
export class ContainerRegistry implements PluginRegistry {
  private readonly container: DependencyContainer = root.createChildContainer();
  private readonly tokens = new Map<string, symbol>();

  constructor(
    readonly plugins: readonly { readonly name: string; readonly version: string }[],
    contributions: readonly Registered[],
  ) {
    for (const registered of contributions) this.register(registered);
  }

  private register(registered: Registered): void {
    const { kind, id, contribution } = registered;
    const token = Symbol(`${kind}:${id}`);
    this.tokens.set(keyOf(kind, id), token);
    this.container.register(kindTokens[kind], { useFactory: () => registered });
    this.container.register(token, {
      useFactory: (use): unknown =>
        contribution.create(use.resolve(optionsToken), use.resolve<PluginContext>(contextToken)),
    });
  }

  list(): readonly Registered[] {
    return pluginKinds.flatMap((kind) => this.ofKind(kind));
  }

  private ofKind(kind: PluginKind): Registered[] {
    if (!this.container.isRegistered(kindTokens[kind])) return [];
    const found = this.container.resolveAll<Registered>(kindTokens[kind]);
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  find(kind: PluginKind, id: string, where?: Where): Registered {
    const offered = this.ofKind(kind);
    const found = offered.find((registered) => registered.id === id);
    if (found !== undefined) return found;
    const ids = offered.map((registered) => registered.id);
    const elsewhere = this.list().find((registered) => registered.id === id);
    const other = elsewhere === undefined ? "" : ` "${id}" is a ${kindNames[elsewhere.kind]}.`;
    throw new UnshiftError(
      "PLUGIN_UNKNOWN_ID",
      `unknown ${kindNames[kind]} "${id}".${other} Allowed: ${listed(ids)}.${didYouMean(id, idsAndTheirEnds(ids, id))}`,
      { where, hint: "A plugin that offers it is listed under `plugins:` in the experiment." },
    );
  }

  async checkOptions(kind: PluginKind, use: Use, where: Place): Promise<JsonObject> {
    return checkOptions(this.find(kind, use.use, where([...use.path, "use"])), use, where);
  }

  async create<Thing>(kind: PluginKind, use: Use, where: Place, context: Surroundings): Promise<Thing> {
    const registered = this.find(kind, use.use, where([...use.path, "use"]));
    const checked = await checkOptions(registered, use, where);
    // Who is never asked needs no key; options that are no secrets may change what it is, and are read.
    const unread = context.secrets === "unread" ? secretsOf(registered, checked) : {};
    const read = Object.fromEntries(Object.entries(checked).filter(([key]) => !Object.hasOwn(unread, key)));
    const options = { ...resolveSecrets(read, { where: where(use.path) }), ...unread };
    const resolve = (path: string) => resolvePath(use.folders?.[path] ?? use.folder, path);
    const scope = this.container.createChildContainer();
    scope.register(optionsToken, { useValue: options });
    scope.register<PluginContext>(contextToken, {
      useValue: {
        resolvePath: resolve,
        log: context.log,
        signal: context.signal,
        hub: context.hub,
        examples: context.examples,
      },
    });
    let thing: unknown;
    try {
      thing = await scope.resolve(this.tokens.get(keyOf(kind, use.use)) ?? "");
    } catch (thrown) {
      throw this.createFault(registered, thrown, { use, where }, context.signal);
    } finally {
      scope.clearInstances();
    }
    checkCreated(kind, registered.id, registered.owner.name, thing, where(use.path));
    return thing as Thing;
  }

  private createFault(
    { kind, id, owner }: Registered,
    thrown: unknown,
    { use, where }: { readonly use: Use; readonly where: Place },
    signal: AbortSignal,
  ): unknown {
    if (signal.aborted) return thrown;
    if (isUnshiftError(thrown)) {
      return thrown.where !== undefined
        ? thrown
        : new UnshiftError(thrown.code, thrown.message, {
            where: where(optionOfFault(thrown, use)),
            hint: thrown.hint,
            cause: thrown,
          });
    }
    return new UnshiftError(
      "PLUGIN_CREATE_FAILED",
      `${owner.name}: creating the ${kindNames[kind]} "${id}" failed: ${faultOf(thrown)}`,
      {
        where: where(use.path),
        cause: thrown,
      },
    );
  }

  optionsJsonSchema(registered: Registered): JsonObject | null {
    return optionsJsonSchema(registered);
  }
}

function keyOf(kind: PluginKind, id: string): string {
  return `${kind}:${id}`;
}

/** Whoever writes `urial` may mean `acme/urial`. */
function idsAndTheirEnds(ids: readonly string[], id: string): readonly string[] {
  const spaced = ids.filter((each) => each.endsWith(`/${id}`));
  return spaced.length > 0 ? spaced : ids;
}

/** The options that the schema marks `writeOnly`, as they stand in the file. */
function secretsOf(registered: Registered, options: JsonObject): JsonObject {
  const schema = optionsJsonSchema(registered);
  const isSecret = (key: string) => schema !== null && schemaAt(schema, [key])?.writeOnly === true;
  return Object.fromEntries(Object.entries(options).filter(([key]) => isSecret(key)));
}
