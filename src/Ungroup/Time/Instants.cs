namespace Ungroup.Time;

/// <summary>The earlier and the later of two instants, which .NET has no name for.</summary>
internal static class Instants
{
    extension(DateTimeOffset)
    {
        public static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

        public static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
    }
}
