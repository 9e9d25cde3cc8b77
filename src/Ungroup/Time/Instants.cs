namespace Ungroup.Time;

internal static class Instants
{
    extension(DateTimeOffset)
    {
        public static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

        public static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
    }
}
