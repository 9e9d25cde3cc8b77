namespace Ungroup.Cli.Sandbox.Screen;

internal static class ProgressBar
{
    public static string Markup(int done, int total, int length)
    {
        var filled = FilledOf(done, total, length);
        return $"[green]{new string('━', filled)}[/][grey]{new string('━', length - filled)}[/]";
    }

    /// <summary>Without colours what is done and what is not have to look different.</summary>
    public static string Plain(int done, int total, int length)
    {
        var filled = FilledOf(done, total, length);
        return $"{new string('━', filled)}{new string('·', length - filled)}";
    }

    private static int FilledOf(int done, int total, int length) => total == 0 ? (done == 0 ? 0 : length) : Math.Clamp(done * length / total, 0, length);
}
