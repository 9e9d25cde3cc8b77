using Ungroup.Cli;
using Ungroup.Cli.Terminal;

using var signals = new StopSignals();
return await CommandLine.RunAsync(args, Shell.OfProcess(), signals.Token);
