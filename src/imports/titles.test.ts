import { describe, expect, test } from 'vitest';
import { slugOf, titleStyle } from './titles.ts';

describe('titles', () => {
  const styled = titleStyle(['LED', '3D', 'M.O.P.']);
  test.for([
    ['WHITE HANGING HEART T-LIGHT HOLDER', 'White Hanging Heart T-Light Holder'],
    ['SET OF 3 REGENCY CAKE TINS ', 'Set of 3 Regency Cake Tins'],
    ["POPPY'S PLAYHOUSE  KITCHEN", "Poppy's Playhouse Kitchen"],
    ['PACK 6 HEART/ICE-CREAM PATCHES', 'Pack 6 Heart/Ice-Cream Patches'],
    ["PAPER CHAIN KIT 50'S CHRISTMAS ", "Paper Chain Kit 50's Christmas"],
    ['3D LED LAMP 45X45CM', '3D LED Lamp 45x45cm'],
    ['Dotcomgiftshop Gift Voucher £40.00', 'Dotcomgiftshop Gift Voucher £40.00'],
    ['*BOOMBOX IPOD CLASSIC', 'Boombox Ipod Classic'],
    ['RETRO "TEA FOR ONE"', 'Retro "Tea for One"'],
  ] as const)('%s is shown as %s', ([written, shown]) => expect(styled(written)).toBe(shown));

  test('become a part of an address', () => {
    expect(slugOf('Café au Lait, 3 "Pièces"')).toBe('cafe-au-lait-3-pieces');
    expect(slugOf("Poppy's £40.00")).toBe('poppys-40-00');
    expect(slugOf('???')).toBe('');
    expect(slugOf('x '.repeat(100))).toHaveLength(79);
  });
});
