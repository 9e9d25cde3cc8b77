namespace Ungroup.Cli.Sandbox;

/// <summary>Where a run shows itself. Lines are Spectre markup; whether that becomes colour is the display's business.</summary>
internal abstract class Display
{
    public abstract void Write(string markup);

    /// <summary>Writes a line as it is, however long: something to copy. Not while progress is shown.</summary>
    public abstract void WriteWhole(string text);

    /// <summary>Shows progress until <paramref name="until"/> ends.</summary>
    public abstract Task FollowAsync(Board board, Task until);

    public abstract void Summarize(Summary summary);

    /// <summary>Live in a terminal, plain where output is redirected or <c>--plain</c> is given.</summary>
    public static Display Of(Shell shell, bool plain)
    {
        var output = shell.Console.Profile;
        return plain || !output.Out.IsTerminal || !output.Capabilities.Ansi
            ? new PlainDisplay(shell.Out)
            : new LiveDisplay(shell.Console, shell.Clock);
    }
}
