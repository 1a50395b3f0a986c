import type { PlatformModule } from "../core/contract/platform-definition";
import { intercomModule } from "./intercom/module";
import { spikaModule } from "./spika/module";
import { webexModule } from "./webex/module";

/** Every platform that can be served. Their code is loaded when there is an account. */
export const PLATFORMS: readonly PlatformModule[] = [webexModule, spikaModule, intercomModule];
