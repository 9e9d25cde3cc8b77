using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Sandbox.Report;

namespace Ungroup.Cli.Sandbox.Screen;

/// <summary>Shows a run. Lines are Spectre markup, which may become colour.</summary>
internal abstract class RunDisplay
{
    public abstract void Write(string markup);

    /// <summary>Writes a line to copy, uncut. Not while progress is shown.</summary>
    public abstract void WriteWhole(string text);

    /// <summary>Shows progress until <paramref name="until"/> ends, and the pace while that is what is waited for.</summary>
    public abstract Task FollowAsync(Board board, PaceLine? pace, Task until);

    public abstract void Summarize(Summary summary);

    public static RunDisplay Of(Shell shell, bool plain)
    {
        var output = shell.Console.Profile;
        return plain || !output.Out.IsTerminal || !output.Capabilities.Ansi
            ? new PlainDisplay(shell.Out, shell.Clock)
            : new LiveDisplay(shell.Console, shell.Clock);
    }
}
