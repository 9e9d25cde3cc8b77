using Ungroup.Cli;

using var signals = new StopSignals();
return await CommandLine.RunAsync(args, Shell.OfProcess(), signals.Token);
