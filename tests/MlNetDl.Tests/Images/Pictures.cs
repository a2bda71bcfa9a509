namespace MlNetDl.Tests.Images;

/// <summary>One picture, 16 wide and 8 high, in formats that this library's tools do not write (by ImageMagick 6.9):
/// the left half is (200, 40, 90), the right half (20, 160, 60).</summary>
/// <remarks>Grey ones hold 200 and 20, or (16-bit) the picture's linear luma; the one-bit one is white and black; in
/// the transparent ones the right half is transparent.</remarks>
internal static class Pictures
{
    public static readonly byte[] CmykJpeg = Convert.FromBase64String(
        "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkK"
            + "CgoKCgYICwwLCgwJCgoK/9sAQwECAgICAgIFAwMFCgcGBwoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK"
            + "CgoKCgoKCgoKCgoK/8AAFAgACAAQBAERAAIRAQMRAQQRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAgGCf/EABQQAQAAAAAAAAAA"
            + "AAAAAAAAAAD/xAAXAQADAQAAAAAAAAAAAAAAAAAECAkK/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAA4EAQACEQMRBAAAPwCg"
            + "EI9tIAzNA2IC+//Z");

    public static readonly byte[] ProgressiveJpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsI"
            + "CQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK"
            + "CgoKCgoKCgoKCgoKCgr/wgARCAAIABADAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABQf/xAAXAQADAQAAAAAAAAAA"
            + "AAAAAAADBggJ/9oADAMBAAIQAxAAAAGdjphpPzr/AP/EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAQUCP//EABQRAQAA"
            + "AAAAAAAAAAAAAAAAABD/2gAIAQMBAT8BP//EABQRAQAAAAAAAAAAAAAAAAAAABD/2gAIAQIBAT8BP//EABQQAQAAAAAAAAAA"
            + "AAAAAAAAABD/2gAIAQEABj8CP//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAT8hP//aAAwDAQACAAMAAAAQA//EABQR"
            + "AQAAAAAAAAAAAAAAAAAAABD/2gAIAQMBAT8QP//EABQRAQAAAAAAAAAAAAAAAAAAABD/2gAIAQIBAT8QP//EABQQAQAAAAAA"
            + "AAAAAAAAAAAAABD/2gAIAQEAAT8QP//Z");

    public static readonly byte[] GreyJpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsI"
            + "CQoKCgoKBggLDAsKDAkKCgr/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACQr/xAAUEAEAAAAAAAAAAAAAAAAA"
            + "AAAA/9oACAEBAAA/AEgSXv/Z");

    public static readonly byte[] GreyAlpha16Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAIEAQAAAAK72tfAAAAHklEQVQoz2P0/fD/PwMeoNfLgBcwMVAIRg0YDAYAAPyTBAa8"
            + "6MlnAAAAAElFTkSuQmCC");

    public static readonly byte[] InterlacedRgba16Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAIEAYAAAHX4ZNCAAAAT0lEQVQ4y2M4cUJDIyrq/38RkQULbGz+/2dAF2CECTBAgY9P"
            + "RcWjRwxwQFABEwMBgGECOkA3ER0QtGHwu2DgDSAYBoQAoTCiuQ8oBaMOAAAjMjhM7ISX+gAAAABJRU5ErkJggg==");

    public static readonly byte[] TransparentPalettePng = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAICAMAAADHqI+lAAAABlBMVEUUoDzIKFq+pfB1AAAAAXRSTlMAQObYZgAAABBJREFU"
            + "CNdjYIQCBhgYGAEAEogAQdkHLNoAAAAASUVORK5CYII=");

    public static readonly byte[] OneBitPng = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAIAQAAAADYDUI6AAAADklEQVQI12P4z8CADQEAY7QH+awJgp0AAAAASUVORK5CYII=");

    public static readonly byte[] TransparentGif = Convert.FromBase64String(
        "R0lGODlhEAAIAPAAAMgoWgAAACH5BAEAAAEALAAAAAAQAAgAAAIThG+hq4jM3IFLJhoswNly/XlYAQA7");

    public static readonly byte[] PaletteBmp = Convert.FromBase64String(
        "Qk1eAAAAAAAAAD4AAAAoAAAAEAAAAAgAAAABAAEAAAAAACAAAAAAAAAAAAAAAAIAAAACAAAAWijIADygFAAA/wAAAP8AAAD/"
            + "AAAA/wAAAP8AAAD/AAAA/wAAAP8AAA==");

    public static readonly byte[] WebP = Convert.FromBase64String(
        "UklGRjwAAABXRUJQVlA4IDAAAACwAQCdASoQAAgAAMASJaACdLcAAiYAAP7x9v/6IJH1JXod/+yVv/Oxv/ZK3/OZAAA=");
}
