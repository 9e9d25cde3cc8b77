using System.CommandLine;
using Ungroup.Cli.Explain;
using Ungroup.Cli.Holds;
using Ungroup.Cli.Jobs;
using Ungroup.Cli.Replay;
using Ungroup.Cli.Sandbox;
using Ungroup.Cli.Send;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;

namespace Ungroup.Cli;

internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Shell shell, CancellationToken stop)
    {
        var arguments = Build(shell).Parse(args is [] ? ["--help"] : args);
        return arguments.Errors.Count > 0
            ? shell.Refuse(arguments.Errors.Select(error => error.Message))
            : await arguments.InvokeAsync(new() { Output = shell.Out, Error = shell.Error, ProcessTerminationTimeout = null }, stop);
    }

    // A RootCommand would be named after the assembly.
    internal static Command Build(Shell shell) => new("ungroup", "Takes Alibaba Cloud instances and network interfaces out of security groups, one queue message at a time.")
    {
        SandboxCommand.Build(shell),
        WorkerCommand.Build(shell),
        SendCommand.Build(shell),
        StatusCommand.Build(shell),
        ListCommand.Build(shell),
        PauseCommand.Build(shell),
        ResumeCommand.Build(shell),
        HoldsCommand.Build(shell),
        JobCommand.Build(shell),
        ReplayCommand.Build(shell),
        ExplainCommand.Build(shell),
        HelpWithExamples.Option(),
        new VersionOption(),
    };
}
