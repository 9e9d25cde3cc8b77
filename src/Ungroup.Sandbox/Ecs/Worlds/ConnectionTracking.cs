namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>
/// For how many seconds an idle session is remembered.
/// https://www.alibabacloud.com/help/en/ecs/user-guide/connection-timeout-management [CONN-TMO]
/// </summary>
internal sealed record ConnectionTracking(int TcpEstablished, int TcpClosedAndTimeWait, int Udp)
{
    public static readonly ConnectionTracking Default = new(910, 3, 30);

    public static readonly int[] Established = [30, 60, 80, 100, 200, 300, 500, 700, 910];
}
