namespace Ungroup.Cli.Sandbox;

/// <summary>Where a run shows itself. Lines are Spectre markup; whether that becomes colour is the display's business.</summary>
internal abstract class Display
{
    public abstract void Write(string markup);

    /// <summary>Writes a line as it is, however long: something to copy. Not while progress is shown.</summary>
    public abstract void WriteWhole(string text);

    /// <summary>Shows progress until <paramref name="until"/> ends.</summary>
    /// <param name="board">How far each line has come.</param>
    /// <param name="pace">How fast it goes, while that is what is waited for; null where nobody says.</param>
    /// <param name="until">The end.</param>
    public abstract Task FollowAsync(Board board, PaceLine? pace, Task until);

    public abstract void Summarize(Summary summary);

    /// <summary>Live in a terminal, plain where output is redirected or <c>--plain</c> is given.</summary>
    public static Display Of(Shell shell, bool plain)
    {
        var output = shell.Console.Profile;
        return plain || !output.Out.IsTerminal || !output.Capabilities.Ansi
            ? new PlainDisplay(shell.Out, shell.Clock)
            : new LiveDisplay(shell.Console, shell.Clock);
    }
}
