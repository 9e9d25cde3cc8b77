namespace Ungroup.Sandbox.Ecs;

/// <summary>A world file says something that cannot be; the message names the file, the line and what was expected.</summary>
#pragma warning disable CA1032 // A refusal without a file, a line and a sentence would be useless.
public sealed class WorldFileException(string file, int line, string sentence)
    : Exception($"{file}({line}): {sentence}")
#pragma warning restore CA1032
{
    public string File { get; } = file;

    public int Line { get; } = line;
}
