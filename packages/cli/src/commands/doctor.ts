import type { Argv, CommandModule } from "yargs";

interface DoctorArguments {
  readonly json: boolean;
  readonly verbose: boolean;
}

export const doctorCommand: CommandModule<{ json: boolean; verbose: boolean }, DoctorArguments> = {
  command: "doctor",
  describe: "versions, devices and what is missing",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) => yargs as unknown as Argv<DoctorArguments>,
  handler: async (args) => {
    const { doctorAction } = await import("../actions/doctor-action.js");
    await doctorAction(args);
  },
};
