namespace Ungroup.Sandbox.Ecs;

/// <summary>A world file says something that cannot be; the message names the file, the line and what was expected.</summary>
public sealed class WorldFileException(string file, int line, string sentence)
    : Exception($"{file}({line}): {sentence}")
{
    public string File { get; } = file;

    public int Line { get; } = line;
}
